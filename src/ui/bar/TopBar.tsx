import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";
import { Status } from "../Status.tsx";
import { Tools } from "../Tools.tsx";
import { toggleTheme } from "../theme.ts";
import "../styles/bar.css";
import { Brand } from "./Brand.tsx";
import { Counters } from "./Counters.tsx";
import { PresetChoice } from "./PresetChoice.tsx";
import { Transport } from "./Transport.tsx";

/** Brand, transport with counters, and the device that really computes. */
export function TopBar() {
  const { trainer } = usePlayground();
  const device = () => trainer.summary()?.device;
  return (
    <header class="top">
      <Brand page="Train" />
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
        <Tools />
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
