import { Show } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import type { Evaluation } from "../../session/protocol.ts";
import { usePlayground } from "../playground.ts";

/** Back to where the network knew most about examples that it had not seen. */
export function RewindToBest(props: { readonly best: Evaluation | undefined }) {
  const { trainer, store } = usePlayground();
  const target = () => {
    const { best } = props;
    return best !== undefined && best.step > 0 && best.step < trainer.step() ? best : undefined;
  };
  const reason = () =>
    props.best?.step === 0 && trainer.step() > 0
      ? "The validation loss was never below that of the first weights."
      : "";
  return (
    <div class="rewind">
      <button
        type="button"
        class="btn"
        disabled={target() === undefined}
        onClick={() => trainer.rewind(target()?.step ?? 0, store.config())}
      >
        Rewind to the best<Show when={target()}>{(best) => <>, step {formatCount(best().step)}</>}</Show>
      </button>
      <Show when={reason()}>
        <p class="note">{reason()}</p>
      </Show>
    </div>
  );
}
