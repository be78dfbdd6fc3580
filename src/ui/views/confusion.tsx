import { formatCount, formatCounted } from "../../lib/format.ts";
import { ConfusionMatrix, rightOf } from "./ConfusionMatrix.tsx";
import { defineView } from "./view.tsx";

/** Any other classification: which classes the model takes for which. */
export const confusion = defineView("confusion", {
  label: "Confusion matrix",
  describe: (view) => {
    const total = view.counts.reduce((sum, count) => sum + count, 0);
    return `${formatCount(rightOf(view))} of ${formatCounted(total, "validation example")} are right at step ${formatCount(view.step)}.`;
  },
  Body: (props) => <ConfusionMatrix classNames={props.view.classNames} counts={props.view.counts} />,
  Legend: () => <p class="note">Validation split. Rows are the actual class, columns the predicted one.</p>,
});
