x = ones(2, requires_grad=True)
x.sum().backward()
x.grad
