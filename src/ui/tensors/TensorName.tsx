import { For } from "solid-js";

/** A name in PyTorch's `state_dict`, which may break after its dots. */
export function TensorName(props: { readonly name: string }) {
  const parts = () => props.name.split(/(?<=\.)/);
  return (
    <code class="tensor">
      <For each={parts()}>
        {(part) => (
          <>
            {part}
            <wbr />
          </>
        )}
      </For>
    </code>
  );
}
