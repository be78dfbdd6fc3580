/** Whether the page was opened for use inside of another one. */
export const isEmbedded = (): boolean => new URLSearchParams(location.search).has("embed");
