import { type Component, Show } from "solid-js";
import type { RunSummary, TaskView } from "../../session/protocol.ts";

export type ViewKind = TaskView["kind"];
export type ViewOf<K extends ViewKind> = Extract<TaskView, { readonly kind: K }>;

export interface ViewProps<V> {
  readonly view: V;
  readonly summary: RunSummary | undefined;
}

/** What the middle of the page shows for one kind of task. */
export interface ViewDefinition<V = TaskView> {
  /** Name of the figure. */
  readonly label: string;
  /** The picture. */
  readonly Body: Component<ViewProps<V>>;
  /** What its marks mean. */
  readonly Legend: Component<ViewProps<V>>;
  /** The picture in one sentence. */
  readonly describe: (view: V) => string;
}

const narrow = <K extends ViewKind>(kind: K, view: TaskView): ViewOf<K> | undefined => {
  const matches = (candidate: TaskView): candidate is ViewOf<K> => candidate.kind === kind;
  return matches(view) ? view : undefined;
};

/** A view of one kind, made to take any: with a view of another kind it shows nothing. */
export function defineView<K extends ViewKind>(kind: K, definition: ViewDefinition<ViewOf<K>>): ViewDefinition {
  const guarded =
    (Part: Component<ViewProps<ViewOf<K>>>): Component<ViewProps<TaskView>> =>
    (props) => <Show when={narrow(kind, props.view)}>{(view) => <Part view={view()} summary={props.summary} />}</Show>;
  return {
    label: definition.label,
    Body: guarded(definition.Body),
    Legend: guarded(definition.Legend),
    describe: (view) => {
      const own = narrow(kind, view);
      return own === undefined ? "" : definition.describe(own);
    },
  };
}
