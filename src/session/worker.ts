import type { Command, Event } from "./protocol.ts";
import { createSession } from "./session.ts";

/** The trainer's worker: passes messages between the page and a session, and does nothing else. */
const session = createSession({
  gpu: navigator.gpu,
  emit: (event: Event) => self.postMessage(event),
});

self.onmessage = ({ data }: MessageEvent<Command>) => session.receive(data);
