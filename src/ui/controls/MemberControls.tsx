import { createMemo } from "solid-js";
import { fieldsOf, type RegistryField } from "../../session/fields.ts";
import { withKind } from "../configStore.ts";
import { baselineOf, valuesOf } from "../definition.ts";
import { Choice, type Option, optionsOf } from "./Choice.tsx";
import { Hyperparameters } from "./Hyperparameters.tsx";

export interface MemberControlsProps {
  /** Accessible name of the menu. */
  readonly label: string;
  readonly field: RegistryField;
  /** The menu's entries, where some of them do not fit; else all members. */
  readonly options?: readonly Option[];
  /** What every member has besides is drawn elsewhere. */
  readonly ownOnly?: boolean;
  readonly value: { readonly kind: string };
  readonly baseline: { readonly kind: string };
  readonly onChange: (member: Readonly<Record<string, unknown>>) => void;
}

const sourceOf = (member: object | undefined): string | undefined =>
  member !== undefined && "source" in member && typeof member.source === "string" ? member.source : undefined;

/** A choice from a registry, and the hyperparameters of what is chosen. */
export function MemberControls(props: MemberControlsProps) {
  // The rows must outlive a change of a value, so they depend on the kind alone.
  const kind = createMemo(() => props.value.kind);
  const descriptions = createMemo(() => {
    const field = props.ownOnly ? { ...props.field, shared: {} } : props.field;
    return fieldsOf(field, kind());
  });
  const source = () => sourceOf(props.field.registry[kind()]);
  return (
    <>
      <Choice
        label={props.label}
        options={props.options ?? optionsOf(props.field.registry)}
        value={kind()}
        changed={kind() !== props.baseline.kind}
        source={source()}
        onChange={(next) => props.onChange(withKind(props.field, props.value, next))}
      />
      <Hyperparameters
        descriptions={descriptions()}
        values={valuesOf(props.value)}
        baseline={baselineOf(props.baseline, props.value)}
        onChange={(values) => props.onChange({ kind: kind(), ...values })}
      />
    </>
  );
}
