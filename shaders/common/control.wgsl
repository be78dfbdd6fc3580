// What steers a run's steps, control (12) of each replica. The host sets the first eight numbers; closing a step sets
// the others, for the update that follows and for the next step.

const UNBOUNDED = 3e38; // as MAX_NORM or LIMIT: no clipping

const MAX_NORM = 0u; // clipping by norm: the largest norm of all gradients together
const LIMIT = 1u; // clipping by value: the largest magnitude of an element, after the factor
const GROWTH_INTERVAL = 2u; // steps without overflow after which the loss scale doubles; 0 leaves it alone
const L1 = 3u; // penalty on the sum of magnitudes of all weights
const L2 = 4u; // penalty on half their sum of squares
const INPUT_NOISE = 5u; // standard deviation of the noise on a batch's inputs
const DROPOUT = 6u; // probability that a hidden activation is dropped
const LOSS_SCALE = 8u; // factor of the loss's gradient, against underflow in half precision; 1 without
const FACTOR = 9u; // factor of every gradient before its use: clipping by norm, and the loss scale taken out
const STREAK = 10u; // steps since the loss scale has changed
const UPDATED = 11u; // updates of the run, with the one at hand; a skipped step has none
