import { create, globals } from "webgpu";
import { type DeviceChoice, defaultConfig, type RunConfig } from "../../src/session/config.ts";
import type { Command, Evaluation, Event } from "../../src/session/protocol.ts";
import { changedBy, type RunChange } from "../../src/session/runShape.ts";
import { createSession } from "../../src/session/session.ts";

Object.assign(globalThis, globals);
/** Dawn's GPU lives only as long as this object is referenced. */
export const gpu = create([]);

export const deviceChoices = ["cpu", "webgpu"] as const satisfies readonly DeviceChoice[];

/** The default run on a given device. */
export const spiralsOn = (device: DeviceChoice): RunConfig => ({
  ...defaultConfig,
  compute: { ...defaultConfig.compute, device },
});

/** Stands in for the page: sends commands to a session and remembers its events. */
export function createPage(options: { readonly gpu: GPU | undefined } = { gpu }) {
  const events: Event[] = [];
  const listeners = new Set<() => void>();
  const session = createSession({
    gpu: options.gpu,
    emit: (event) => {
      // A structured clone, as between a worker and a page.
      events.push(structuredClone(event));
      for (const listener of listeners) listener();
    },
  });
  const of = <T extends Event["type"]>(type: T) =>
    events.filter((event): event is Extract<Event, { type: T }> => event.type === type);
  /** Resolves when `check` holds; it is asked after every event. */
  const until = (check: () => boolean) =>
    new Promise<void>((resolve) => {
      const listener = () => {
        if (!check()) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
      listener();
    });
  let generation = 0;
  let configured = defaultConfig;

  return {
    session,
    events,
    of,
    until,
    configure(config: RunConfig, play = false, branch = false) {
      generation += 1;
      configured = config;
      session.receive({ type: "configure", generation, config, play, branch });
      return session.settled();
    },
    send(type: "play" | "pause" | "step" | "move" | "epoch" | "reset" | "test") {
      session.receive({ type, generation });
      return session.settled();
    },
    open(text: string, name: string) {
      session.receive({ type: "open", files: [new File([text], name)] });
      return session.settled();
    },
    adjust({ stopping, ...change }: RunChange & Partial<Pick<RunConfig, "stopping">>) {
      configured = { ...changedBy(configured, change), ...(stopping && { stopping }) };
      return this.change(configured);
    },
    change(config: RunConfig) {
      configured = config;
      session.receive({ type: "adjust", generation, config });
      return session.settled();
    },
    rewind(step: number, config = configured, play = false) {
      configured = config;
      session.receive({ type: "rewind", generation, step, config, play });
      return session.settled();
    },
    wish(command: Extract<Command, { readonly type: "speed" | "measure" }>) {
      session.receive(command);
      return session.settled();
    },
    losses: () => of("metrics").flatMap(({ metrics }) => [...metrics.loss]),
    lastStep: () =>
      of("metrics")
        .flatMap(({ metrics }) => [...metrics.step])
        .at(-1) ?? 0,
    validation: (): Evaluation[] => of("metrics").flatMap(({ metrics }) => metrics.validation),
    async close() {
      await this.send("pause");
    },
  };
}
