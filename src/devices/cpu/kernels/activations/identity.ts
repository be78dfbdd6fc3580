// y = x

/** Leaves the numbers as they are. */
export function identityForward(_values: usize, _count: u32): void {}

/** Leaves the gradients as they are: the derivative is 1. */
export function identityBackward(_grads: usize, _saved: usize, _count: u32): void {}
