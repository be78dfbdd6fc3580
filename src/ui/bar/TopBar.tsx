import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";
import { Status } from "../Status.tsx";
import { toggleTheme } from "../theme.ts";
import "../styles/bar.css";
import { Counters } from "./Counters.tsx";
import { PresetChoice } from "./PresetChoice.tsx";
import { Transport } from "./Transport.tsx";

function Wordmark() {
  return (
    <h1 class="wordmark">
      <svg viewBox="0 0 22 22" aria-hidden="true">
        <path
          d="M1,4.5C9,4.5 8.5,18.5 21,18.5"
          fill="none"
          stroke="currentColor"
          stroke-width="1.75"
          stroke-linecap="round"
        />
        <circle cx="11.1" cy="5.9" r="3.3" fill="var(--ball)" />
      </svg>
      Downhill
    </h1>
  );
}

/** Brand, transport with counters, and the device that really computes. */
export function TopBar() {
  const { trainer } = usePlayground();
  const device = () => trainer.summary()?.device;
  return (
    <header class="top">
      <div class="brand">
        <Wordmark />
      </div>
      <div class="drive">
        <PresetChoice />
        <Transport />
        <Counters />
      </div>
      <div class="tools">
        <span class="device" title={device()?.reason}>
          <Icon glyph="device" />
          <Status name="Device in use" value={device()?.label ?? "–"} />
        </span>
        <button
          type="button"
          class="btn ico"
          aria-label="Switch between light and dark"
          title="Light or dark"
          onClick={toggleTheme}
        >
          <Icon glyph="theme" />
        </button>
      </div>
    </header>
  );
}
