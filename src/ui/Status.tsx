/**
 * A live value. It changes many times a second, so it is a status without announcements; the page has one polite region
 * that speaks at a human pace.
 */
export function Status(props: { readonly name: string; readonly value: string; readonly class?: string }) {
  return (
    <span class={`status ${props.class ?? ""}`} role="status" aria-live="off" aria-label={props.name}>
      {props.value}
    </span>
  );
}
