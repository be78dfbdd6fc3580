import { createEffect, createSignal, onCleanup } from "solid-js";
import type { Playground } from "./playground.ts";
import { toggleTheme } from "./theme.ts";

/** A command that a key gives. */
export interface KeyCommand {
  /** `KeyboardEvent.key` in lower case. */
  readonly key: string;
  /** How a person writes it, where that is not the key itself. */
  readonly shown?: string;
  readonly label: string;
  /** With Ctrl, or Command on a Mac: these cannot be switched off, as they are in everybody's fingers. */
  readonly modifier?: "ctrl" | "ctrl+shift";
  readonly run: (playground: Playground) => void;
}

/** All commands in the order of the list. Those without a modifier are single keys. */
export const keyCommands: readonly KeyCommand[] = [
  { key: " ", shown: "Space", label: "Play or pause", run: ({ play }) => play() },
  { key: "s", label: "One step", run: ({ singleStep }) => singleStep() },
  { key: "m", label: "One move of a step", run: ({ stepMove }) => stepMove() },
  { key: "e", label: "To the end of the epoch", run: ({ stepEpoch }) => stepEpoch() },
  { key: "r", label: "Reset to the same weights", run: ({ reset }) => reset() },
  { key: "n", label: "New seed: other weights, another order", run: ({ newSeed }) => newSeed() },
  { key: "w", label: "New weights", run: ({ newWeights }) => newWeights() },
  { key: "d", label: "New data", run: ({ newData }) => newData() },
  { key: ",", label: "Slower", run: ({ slower }) => slower() },
  { key: ".", label: "Faster", run: ({ faster }) => faster() },
  { key: "f", label: "Full speed", run: ({ setSpeed }) => setSpeed(Number.POSITIVE_INFINITY) },
  { key: "t", label: "Light or dark", run: toggleTheme },
  { key: "z", modifier: "ctrl", shown: "Ctrl+Z", label: "Undo", run: ({ store }) => store.undo() },
  { key: "z", modifier: "ctrl+shift", shown: "Ctrl+Shift+Z", label: "Redo", run: ({ store }) => store.redo() },
  { key: "y", modifier: "ctrl", shown: "Ctrl+Y", label: "Redo", run: ({ store }) => store.redo() },
];

export const helpKey = "?";

/** Commands that go on as long as their key is held. */
const repeatable = ["s", "m"];

const storageKey = "downhill.singleKeys";

function storedChoice(): boolean {
  try {
    return localStorage.getItem(storageKey) !== "off";
  } catch {
    return true;
  }
}

/** Inputs that take no text: a letter pressed on them means what it means elsewhere. */
const textless = ["range", "checkbox", "radio", "button", "color", "file"];

/** What a key event is about, as far as it decides whether a command is meant. */
export interface Pressed {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Of the element that has the focus. */
  readonly tag: string;
  readonly type: string;
  readonly editable: boolean;
}

/** Whether the key goes into a field. */
const isTyping = ({ tag, type, editable }: Pressed): boolean =>
  editable || tag === "textarea" || (tag === "input" && !textless.includes(type));

/** Keys that the focused control needs for itself: letters choose in a list, and Space presses most others. */
const isForControl = ({ key, tag }: Pressed): boolean =>
  tag === "select" || (key === " " && ["button", "summary", "a", "input"].includes(tag));

function modifierOf({ ctrl, shift }: Pressed): KeyCommand["modifier"] {
  if (!ctrl) return undefined;
  return shift ? "ctrl+shift" : "ctrl";
}

/** The command that a key gives; nothing while one types, or where single keys are off. */
export function commandOf(pressed: Pressed, singleKeys: boolean): KeyCommand | "help" | undefined {
  if (isTyping(pressed) || pressed.alt) return undefined;
  const modifier = modifierOf(pressed);
  if (modifier === undefined && (!singleKeys || isForControl(pressed))) return undefined;
  if (modifier === undefined && pressed.key === helpKey) return "help";
  if (modifier === undefined && pressed.shift) return undefined;
  return keyCommands.find((command) => command.key === pressed.key.toLowerCase() && command.modifier === modifier);
}

function pressedOf(event: KeyboardEvent): Pressed {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  return {
    ...{ key: event.key, ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey, alt: event.altKey },
    tag: target.localName,
    type: target instanceof HTMLInputElement ? target.type : "",
    editable: target.isContentEditable,
  };
}

const isBehindDialog = (): boolean => document.querySelector("dialog:modal") !== null;

const [help, setHelp] = createSignal(false);

/** Opens the list of keys. */
export const showKeys = (): void => void setHelp(true);

/** Listens for the keys of all commands. */
export function createKeys(playground: Playground) {
  const [singleKeys, setSingleKeys] = createSignal(storedChoice());
  const onKeyDown = (event: KeyboardEvent) => {
    // A plot or a list has used the key already, or a method for writing is at work.
    if (event.defaultPrevented || event.isComposing || isBehindDialog()) return;
    const command = commandOf(pressedOf(event), singleKeys());
    if (command === undefined) return;
    event.preventDefault();
    if (command === "help") showKeys();
    else if (!event.repeat || command.modifier !== undefined || repeatable.includes(command.key))
      command.run(playground);
  };
  document.addEventListener("keydown", onKeyDown);
  onCleanup(() => document.removeEventListener("keydown", onKeyDown));
  createEffect(() => {
    try {
      localStorage.setItem(storageKey, singleKeys() ? "on" : "off");
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  });
  return { singleKeys, setSingleKeys, help, setHelp };
}

export type Keys = ReturnType<typeof createKeys>;
