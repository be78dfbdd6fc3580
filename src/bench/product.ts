import { type Device, DeviceError } from "../devices/device.ts";
import { createEmit } from "../engine/graph/graph.ts";
import { planMemory } from "../engine/graph/memory.ts";
import type { Call } from "../engine/graph/program.ts";
import { aligned, createTensor, type Role, type Shape, type Tensor } from "../engine/graph/tensor.ts";
import { linearBackwardInput, linearBackwardWeight, linearForward } from "../engine/layers/linear.ts";
import type { ProductLayout } from "./kinds.ts";
import { createPaced } from "./paced.ts";
import { uniformNumbers } from "./problem.ts";

export interface ProductShape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly layout: ProductLayout;
}

/** Seeds of the two factors. */
const LEFT_SEED = 3;
const RIGHT_SEED = 4;
/** Products in one submission at most. */
const MOST_PRODUCTS = 4096;

const tensor = (name: string, shape: Shape, role: Role = "activations"): Tensor =>
  createTensor({ name, shape, type: "f32", role, perReplica: false });

interface Prepared {
  readonly call: Call;
  readonly left: Tensor;
  readonly right: Tensor;
  readonly output: Tensor;
}

/** Each layout is the product of one move of training: forward, gradient of the input, gradient of the weight. */
const products: Readonly<Record<ProductLayout, (shape: ProductShape) => Prepared>> = {
  NT({ m, n, k }) {
    const [left, right, output] = [tensor("left", [m, k]), tensor("right", [n, k]), tensor("output", [m, n])];
    const bindings = { input: left, weight: right, bias: tensor("bias", [n]), output };
    const calls: Call[] = [];
    createEmit(calls, "forward").call(linearForward, {
      bindings,
      constants: { B: m, I: k, O: n },
      activation: "identity",
    });
    return { call: onlyOf(calls), left, right, output };
  },
  NN({ m, n, k }) {
    const [left, right, output] = [tensor("left", [m, k]), tensor("right", [k, n]), tensor("output", [m, n])];
    const bindings = { outputGrad: left, weight: right, saved: tensor("saved", [m, n]), inputGrad: output };
    const calls: Call[] = [];
    createEmit(calls, "backward").call(linearBackwardInput, {
      bindings,
      constants: { B: m, I: n, O: k, accumulate: 0 },
      activation: "identity",
    });
    return { call: onlyOf(calls), left, right, output };
  },
  TN({ m, n, k }) {
    const biasAt = aligned(m * n);
    const [left, right] = [tensor("left", [k, m]), tensor("right", [k, n])];
    const gradients = tensor("gradients", [biasAt + m], "gradients");
    const calls: Call[] = [];
    createEmit(calls, "backward").call(linearBackwardWeight, {
      bindings: { outputGrad: left, input: right, gradients },
      constants: { B: k, I: n, O: m, weightAt: 0, biasAt, accumulate: 0 },
    });
    return { call: onlyOf(calls), left, right, output: gradients };
  },
};

function onlyOf(calls: readonly Call[]): Call {
  const [call] = calls;
  if (call === undefined || calls.length > 1) throw new RangeError(`calls: got ${calls.length}, expected one.`);
  return call;
}

/** A product of two random matrices, ready to be made again and again. */
export interface Product {
  /** Makes it `times` times and waits: one element of the last is read. */
  multiply(times: number): Promise<void>;
  dispose(): void;
}

/** Compiles a product and uploads its factors. Throws where the device's first element is not the right one. */
export async function loadProduct(device: Device, shape: ProductShape): Promise<Product> {
  const { call, left, right, output } = products[shape.layout](shape);
  const program = { name: "product", calls: [call] };
  const memory = planMemory([program], 1, new Set(Object.values(call.bindings)));
  const machine = await device.load({ replicas: 1, memory, programs: { product: program }, tables: [] });
  const { m, n, k } = shape;
  const factors = { a: uniformNumbers(LEFT_SEED, m * k), b: uniformNumbers(RIGHT_SEED, k * n) };
  machine.write(left, factors.a);
  machine.write(right, factors.b);
  machine.run("product", 1);
  const [first = Number.NaN] = await machine.read(output, { count: 1 });
  expectFirst(first, shape, factors);
  const submit = async (count: number) => {
    machine.run("product", count);
    await machine.read(output, { count: 1 });
  };
  return { multiply: createPaced(MOST_PRODUCTS, submit), dispose: () => machine.dispose() };
}

/** A fast wrong product is none: the first element, in float64, within the rounding of k float32 products and sums. */
function expectFirst(first: number, { m, n, k, layout }: ProductShape, { a, b }: { a: Float32Array; b: Float32Array }) {
  const strideA = layout === "TN" ? m : 1;
  const strideB = layout === "NT" ? 1 : n;
  let sum = 0;
  let size = 0;
  for (let i = 0; i < k; i++) {
    const term = (a[i * strideA] ?? 0) * (b[i * strideB] ?? 0);
    sum += term;
    size += Math.abs(term);
  }
  if (Math.abs(first - sum) <= k * 2 ** -23 * size) return;
  throw new DeviceError(
    `product ${layout} ${m} x ${n} x ${k}: got ${first}, expected ${sum}. This device multiplies wrongly; use the other.`,
  );
}
