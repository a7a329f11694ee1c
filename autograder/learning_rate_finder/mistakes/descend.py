"""Common wrong answers to the exercise on descent with a rate for each step."""

from itertools import chain, islice, product

import torch


def _leaves(params):
    return [value.detach().clone().requires_grad_() for value in params]


def _step(leaves, gradients, rate):
    with torch.no_grad():
        for value, gradient in zip(leaves, gradients, strict=True):
            value -= rate * gradient


def _descend(loss_of, params, batches, rates):
    params, losses = _leaves(params), []
    for (X, y), rate in zip(batches, rates, strict=True):
        loss = loss_of(params, X, y)
        _step(params, torch.autograd.grad(loss, params), rate)
        losses.append(loss.item())
    return [value.detach() for value in params], losses


def uphill(loss_of, params, batches, rates):
    """Your steps go uphill: a step is minus the rate times the gradient."""
    return _descend(loss_of, params, batches, [-rate for rate in rates])


def gradients_pile_up(loss_of, params, batches, rates):
    """Your gradients pile up from step to step: clear them before each call of backward."""
    params, losses = _leaves(params), []
    for (X, y), rate in zip(batches, rates, strict=True):
        loss = loss_of(params, X, y)
        loss.backward()
        _step(params, [value.grad for value in params], rate)
        losses.append(loss.item())
    return [value.detach() for value in params], losses


def first_rate_only(loss_of, params, batches, rates):
    """All your steps use the first rate; each step has one of its own."""
    rates = list(rates)
    return _descend(loss_of, params, batches, rates[:1] * len(rates))


def last_rate_only(loss_of, params, batches, rates):
    """All your steps use the last rate; each step has one of its own."""
    rates = list(rates)
    return _descend(loss_of, params, batches, rates[-1:] * len(rates))


def all_rates_for_each_batch(loss_of, params, batches, rates):
    """You take a step with every rate on every batch: batches and rates belong together, one to one."""
    pairs = list(islice(product(batches, rates), 1_000))  # all those of the experiments would take days
    return _descend(loss_of, params, [batch for batch, _ in pairs], [rate for _, rate in pairs])


def first_batch_only(loss_of, params, batches, rates):
    """All your steps use the first batch."""
    batches = iter(batches)
    first = next(batches)
    return _descend(loss_of, params, chain([first], (first for _ in batches)), rates)


def last_step_missing(loss_of, params, batches, rates):
    """You leave out the last step."""
    return _descend(loss_of, params, list(batches)[:-1], list(rates)[:-1])


def starts_again_each_step(loss_of, params, batches, rates):
    """Each step of yours begins at the given tensors again and forgets the steps before it."""
    losses = []
    for (X, y), rate in zip(batches, rates, strict=True):
        leaves = _leaves(params)
        loss = loss_of(leaves, X, y)
        _step(leaves, torch.autograd.grad(loss, leaves), rate)
        losses.append(loss.item())
    return [value.detach() for value in leaves], losses


def given_tensors_changed(loss_of, params, batches, rates):
    """You change the tensors that were given to you; the caller still needs them."""
    losses = []
    for (X, y), rate in zip(batches, rates, strict=True):
        leaves = [value.detach().requires_grad_() for value in params]
        loss = loss_of(leaves, X, y)
        _step(leaves, torch.autograd.grad(loss, leaves), rate)
        losses.append(loss.item())
    return [value.detach() for value in leaves], losses


def loss_after_step(loss_of, params, batches, rates):
    """Your losses are taken after the step; they should be those from just before it."""
    params, losses = _leaves(params), []
    for (X, y), rate in zip(batches, rates, strict=True):
        _step(params, torch.autograd.grad(loss_of(params, X, y), params), rate)
        losses.append(loss_of(params, X, y).item())
    return [value.detach() for value in params], losses


def first_tensor_only(loss_of, params, batches, rates):
    """Only your first tensor moves; all of them should."""
    params, losses = _leaves(params), []
    for (X, y), rate in zip(batches, rates, strict=True):
        loss = loss_of(params, X, y)
        _step(params[:1], torch.autograd.grad(loss, params[:1]), rate)
        losses.append(loss.item())
    return [value.detach() for value in params], losses


def one_after_the_other(loss_of, params, batches, rates):
    """You take a tensor's gradient when others have moved already: take all gradients first, at one place."""
    params, losses = _leaves(params), []
    for (X, y), rate in zip(batches, rates, strict=True):
        losses.append(loss_of(params, X, y).item())
        for number in range(len(params)):
            part = params[number : number + 1]
            _step(part, torch.autograd.grad(loss_of(params, X, y), part), rate)
    return [value.detach() for value in params], losses


def divided_by_batch(loss_of, params, batches, rates):
    """Your steps are too short: the loss is a mean already, and you divide by the size of the batch again."""
    batches = list(batches)
    return _descend(loss_of, params, batches, [rate / len(X) for (X, _), rate in zip(batches, rates, strict=True)])


def one_loss_only(loss_of, params, batches, rates):
    """You return one loss; there should be one for each step."""
    params, losses = _descend(loss_of, params, batches, rates)
    return params, losses[-1:] if len(losses) > 1 else []


def results_exchanged(loss_of, params, batches, rates):
    """You return the losses first and the parameters second; it should be the other way round."""
    params, losses = _descend(loss_of, params, batches, rates)
    return losses, params


def indexed(loss_of, params, batches, rates):
    """You ask for a length or an index; a generator has neither: zip batches and rates."""
    rates = [rates[number] for number in range(len(rates))]
    return _descend(loss_of, params, batches, rates)


def gone_through_twice(loss_of, params, batches, rates):
    """You go through the batches or the rates a second time, and an iterator is empty by then."""
    steps = sum(1 for _ in batches)
    return _descend(loss_of, params, batches, list(rates)[:steps])


def running_product(loss_of, params, batches, rates):
    """Your rate is the product of all rates so far; each step uses its own."""
    product, sizes = 1.0, []
    for rate in rates:
        product *= rate
        sizes.append(product)
    return _descend(loss_of, params, batches, sizes)
