import { createSignal, onCleanup, onMount, Show } from "solid-js";
import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";

/** Opens files of the user's: a table, or images and their labels. They are read in this browser and go nowhere else. */
export function OpenFile() {
  const { trainer } = usePlayground();
  let input: HTMLInputElement | undefined;
  const open = (files: FileList | null) => {
    if (files !== null && files.length > 0) trainer.openFiles([...files]);
  };
  return (
    <div class="row open-file">
      <button type="button" class="btn" onClick={() => input?.click()}>
        <Icon glyph="file" />
        Open file
      </button>
      <span class="note">CSV, or MNIST’s IDX files. Or drop them anywhere: they stay here.</span>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label="Data files"
        onChange={(event) => {
          open(event.currentTarget.files);
          // The same file may be chosen again, after it was edited.
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Takes files that are dropped anywhere on the page. */
export function DropZone() {
  const { trainer } = usePlayground();
  const [over, setOver] = createSignal(false);
  const onDragOver = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    setOver(true);
  };
  const onDragLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) setOver(false);
  };
  const onDrop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    setOver(false);
    const files = event.dataTransfer?.files ?? [];
    if (files.length > 0) trainer.openFiles([...files]);
  };
  onMount(() => {
    addEventListener("dragover", onDragOver);
    addEventListener("dragleave", onDragLeave);
    addEventListener("drop", onDrop);
    onCleanup(() => {
      removeEventListener("dragover", onDragOver);
      removeEventListener("dragleave", onDragLeave);
      removeEventListener("drop", onDrop);
    });
  });
  return (
    <Show when={over()}>
      <p class="drop" role="status">
        Drop a CSV file, or images and their labels, to train on them
      </p>
    </Show>
  );
}
