import { fileName, type PlotFile, provenanceOf } from "./file.ts";
import { withText } from "./png.ts";
import { pictureSize, svgOf } from "./svg.ts";
import { csvOf, jsonOf } from "./values.ts";

/** Pixels of a PNG per CSS pixel. */
const pngRatio = 2;
/** A browser may fetch a download after the click that asked for it. */
const keptAlive = 10_000;

async function pngOf(file: PlotFile): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(file))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = pngRatio * pictureSize.width;
  canvas.height = pngRatio * pictureSize.height;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("got no picture from the browser. Save it as SVG instead.");
  const bytes = withText(new Uint8Array(await blob.arrayBuffer()), "Downhill", JSON.stringify(provenanceOf(file)));
  return new Blob([bytes], { type: "image/png" });
}

const text = (content: string, type: string) => new Blob([content], { type: `${type};charset=utf-8` });

/** Each kind of file, with what makes it. */
const kinds = {
  png: pngOf,
  svg: async (file: PlotFile) => text(svgOf(file), "image/svg+xml"),
  csv: async (file: PlotFile) => text(csvOf(file), "text/csv"),
  json: async (file: PlotFile) => text(jsonOf(file), "application/json"),
} as const;

export type FileKind = keyof typeof kinds;

/** Lets the browser save a plot. */
export async function saveFile(kind: FileKind, file: PlotFile): Promise<void> {
  const url = URL.createObjectURL(await kinds[kind](file));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName(file, kind);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), keptAlive);
}

/** Puts a plot on the clipboard: its picture, or its values as text. */
export async function copyFile(kind: "png" | "csv", file: PlotFile): Promise<void> {
  if (kind === "csv") await navigator.clipboard.writeText(csvOf(file));
  // Safari wants the promise: what is awaited first counts no longer as asked for by the user.
  else await navigator.clipboard.write([new ClipboardItem({ "image/png": pngOf(file) })]);
}
