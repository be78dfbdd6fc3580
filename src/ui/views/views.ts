import type { TaskView } from "../../session/protocol.ts";
import * as registry from "./index.ts";
import type { ViewDefinition, ViewKind } from "./view.tsx";

/** Every kind of picture that a worker can send has a definition. */
const views: Readonly<Record<ViewKind, ViewDefinition>> = { ...registry };

/** How a picture is drawn. */
export const viewOf = ({ kind }: TaskView): ViewDefinition => views[kind];
