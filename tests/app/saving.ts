import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { onTestFinished, vi } from "vitest";

interface Saved {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Lets a page save files, and gives what it saves: the file with this ending that `press` leads to. */
export async function createSaving(page: Page) {
  const folder = await mkdtemp(join(tmpdir(), "downhill-saved-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const session = await page.createCDPSession();
  await session.send("Page.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
  return async (ending: string, press: () => Promise<void>): Promise<Saved> => {
    await press();
    const name = await vi.waitUntil(async () => (await readdir(folder)).find((file) => file.endsWith(`.${ending}`)), {
      timeout: 60_000,
    });
    const bytes = await readFile(join(folder, name));
    await rm(join(folder, name));
    return { name, bytes };
  };
}

/** What the page puts on the clipboard after `press`, as text. */
export async function copied(page: Page, press: () => Promise<void>): Promise<string> {
  const permissions = ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"] as const;
  await page.browserContext().overridePermissions(new URL(page.url()).origin, [...permissions]);
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await press();
  return vi.waitUntil(() => page.evaluate(() => navigator.clipboard.readText()), { timeout: 60_000 });
}
