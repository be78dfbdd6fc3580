/** Gives a text to the browser as a file to save. */
export function saveText(name: string, text: string, type = "application/json"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers begin to read after this task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
