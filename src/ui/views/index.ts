export { boundary } from "./boundary.tsx";
export { confusion } from "./confusion.tsx";
export { curve } from "./curve.tsx";
export { images } from "./images.tsx";
export { scatter } from "./scatter.tsx";
