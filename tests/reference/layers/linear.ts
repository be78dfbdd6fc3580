import type { Bindings, ReferenceKernel } from "../kernel.ts";

/** z_bo = sum_i x_bi W_oi + c_o */
function preactivationOf({ input, weight, bias }: Bindings, I: number, b: number, o: number): number {
  let z = bias[o];
  for (let i = 0; i < I; i++) z += input[b * I + i] * weight[o * I + i];
  return z;
}

export const linearForward: ReferenceKernel = ({ bindings, constants: { B, I, O }, activation }) => {
  for (let b = 0; b < B; b++) {
    for (let o = 0; o < O; o++) bindings.output[b * O + o] = activation.activate(preactivationOf(bindings, I, b, o));
  }
};

export const linearForwardSaving: ReferenceKernel = (call) => {
  const { B, I, O } = call.constants;
  for (let b = 0; b < B; b++) {
    for (let o = 0; o < O; o++) call.bindings.preactivation[b * O + o] = preactivationOf(call.bindings, I, b, o);
  }
  linearForward(call);
};

/** dL/dx_bi = sum_o dL/dz_bo W_oi, times the derivative of the function that made x. */
export const linearBackwardInput: ReferenceKernel = ({ bindings, constants, activation }) => {
  const { outputGrad, weight, saved, inputGrad } = bindings;
  const { B, I, O, accumulate } = constants;
  for (let b = 0; b < B; b++) {
    for (let i = 0; i < I; i++) {
      let sum = 0;
      for (let o = 0; o < O; o++) sum += outputGrad[b * O + o] * weight[o * I + i];
      const gradient = sum * activation.activateGrad(saved[b * I + i]);
      inputGrad[b * I + i] = gradient + (accumulate === 1 ? inputGrad[b * I + i] : 0);
    }
  }
};

/** dL/dW_oi = sum_b dL/dz_bo x_bi and dL/dc_o = sum_b dL/dz_bo, at their places among all gradients. */
export const linearBackwardWeight: ReferenceKernel = ({ bindings: { outputGrad, input, gradients }, constants }) => {
  const { B, I, O, weightAt, biasAt, accumulate } = constants;
  const put = (place: number, gradient: number) => {
    gradients[place] = gradient + (accumulate === 1 ? gradients[place] : 0);
  };
  for (let o = 0; o < O; o++) {
    let bias = 0;
    for (let b = 0; b < B; b++) bias += outputGrad[b * O + o];
    put(biasAt + o, bias);
    for (let i = 0; i < I; i++) {
      let sum = 0;
      for (let b = 0; b < B; b++) sum += outputGrad[b * O + o] * input[b * I + i];
      put(weightAt + o * I + i, sum);
    }
  }
};
