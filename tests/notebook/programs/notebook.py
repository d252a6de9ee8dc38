import torch
x = torch.ones(2, 2, requires_grad=True)
x

y = x+2
y

y.grad_fn

z = y * y * y * 3
out = z.mean()
print(z, out)

z.grad_fn

out.grad_fn

a = torch.randn(3,3)
a = ((a/2)/(a*3))
a

a.requires_grad

a.requires_grad_(True)

a.requires_grad

b = (a*a).sum()
b.grad_fn

"""
out in 4th block.
equivalent to out.backward(torch.tensor(1)) -- single value tensor -- can be assumed that 
it's the output layer.

"""
out.backward() 

"""
Result produced after differentiation of x using y = x+2 and z = y*y*y*3
So, z = 3(x+2)^3.
The output is d(out)/dx when x = 1 -- as given in the input.

"""
x.grad

# Norm
x = torch.randn(3, requires_grad = True)
x

y = x*2
y

y.data

# Default is L2 Norm
y.data.norm()

while y.data.norm()<1000:
    y = y*2
y

y.grad_fn

"""
In here, y is a vector, not a scalar. -- similar to a hidden layer -- y is a hidden layer.
Argument in the backward function - It's the gradient of the eventual downstream loss with 
respect to the current layer. So that in the case of a scalar loss which is also the “most 
downstream output/loss” we get dloss/dloss =1 but if we want to get backward() from some 
middle layer we have to provide the gradient of the downstream loss w.r.t. all the outputs 
of this middle layer (evaluated at the current values of those outputs) in order to get well 
defined numerical results. In more technical terms. Let y be an arbitrary node in a 
computational graph. If we call y.backward(arg) the argument arg to backward should be the 
gradient of the root of the computational graph with respect to y evaluated at a specific 
value of y (usually the current value of y). If y is a whole layer, this means that 
arg should provide a value for each neuron in y. If y is the final loss it is also the root 
of the graph and we get the usual scalar one as the only reasonable argument arg.

"""

gradients = torch.tensor([0.1,1.0,0.001], dtype=torch.float)
y.backward(gradients)
x.grad

# To stop tracking history on Tensors
x.requires_grad

(x**2).requires_grad

with torch.no_grad():
    print((x/2).requires_grad)
