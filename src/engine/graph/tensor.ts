/** Sizes of a tensor, outermost first: (B, I) is `[B, I]`. */
export type Shape = readonly number[];

/** What a tensor's memory is for. The screen shows bytes by role, and the memory plan treats each role its own way. */
export type Role = "parameters" | "gradients" | "optimizer" | "activations" | "data" | "tables" | "metrics";

/** A floating-point format of 16 bits: IEEE 754 binary16, bfloat16. */
export type Format = "f16" | "bf16";

/** Formats of 16 bits are for weights, activations and gradients, on devices that store them: two bytes per number. */
export type ElementType = "f32" | "u32" | Format;

/** Whether numbers of a type take two bytes. */
export const isHalf = (type: ElementType): type is Format => type === "f16" || type === "bf16";

/**
 * A named block of numbers with a shape. It holds no values: the memory plan says where they lie, a device holds them.
 *
 * A tensor is either a root, which the plan gives memory, or a slice of a root (`slice`), as each weight is a slice of
 * the flat parameter arena. With R replicas a `perReplica` root is laid out R times in a row, `stride` elements apart;
 * any other is shared by all replicas.
 */
export interface Tensor {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
  readonly role: Role;
  readonly perReplica: boolean;
  /** The format to which numbers in float32 are rounded after they are stored; none if left out. See engine/precision. */
  readonly rounded?: Format;
  readonly slice?: { readonly root: Tensor; readonly offset: number };
}

/**
 * Slices start at multiples of this many elements: 256 bytes of the smallest ones, WebGPU's largest
 * minStorageBufferOffsetAlignment.
 */
export const ALIGNMENT = 128;

/** Bytes that `count` elements of a tensor take, in whole words of four. */
export const bytesOf = ({ type }: Pick<Tensor, "type">, count: number): number =>
  isHalf(type) ? 4 * Math.ceil(count / 2) : 4 * count;

/** The smallest multiple of `ALIGNMENT` that is not below `count`. */
export const aligned = (count: number): number => Math.ceil(count / ALIGNMENT) * ALIGNMENT;

/** The number of elements of a shape; a scalar has one. */
export const elements = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const shapeText = (shape: Shape): string => `(${shape.join(", ")})`;

/** The root that a tensor's memory belongs to: itself, or the arena that it is a slice of. */
export const rootOf = (tensor: Tensor): Tensor => tensor.slice?.root ?? tensor;

/** Elements from the start of the root to the tensor, in each replica's copy. */
export const offsetOf = (tensor: Tensor): number => tensor.slice?.offset ?? 0;

/** Elements from one replica's copy to the next; 0 where replicas share one copy. */
export function replicaStride(tensor: Tensor): number {
  const root = rootOf(tensor);
  return root.perReplica ? aligned(elements(root.shape)) : 0;
}

/** Elements that a root needs for `replicas` replicas. */
export function storedElements(root: Tensor, replicas: number): number {
  return root.perReplica ? aligned(elements(root.shape)) * replicas : elements(root.shape);
}

/** Checks the sizes and makes a root tensor. Throws on a size that is not a positive integer. */
export function createTensor(tensor: Tensor): Tensor {
  for (const size of tensor.shape) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new RangeError(
        `${tensor.name}: got shape ${shapeText(tensor.shape)}, expected positive integers. Check the layer's sizes.`,
      );
    }
  }
  return tensor;
}

/** A part of `root`, `offset` elements from the start of each replica's copy. */
export function sliceOf(root: Tensor, name: string, shape: Shape, offset: number): Tensor {
  const end = offset + elements(shape);
  if (offset % ALIGNMENT !== 0 || end > elements(root.shape)) {
    throw new RangeError(
      `${name}: got elements ${offset} to ${end} of ${root.name} ${shapeText(root.shape)}, ` +
        `expected a start at a multiple of ${ALIGNMENT} and an end inside. Lay the arena out with layArena().`,
    );
  }
  return createTensor({ ...root, name, shape, slice: { root, offset } });
}
