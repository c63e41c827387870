// Dark or light: the system's, until the visitor says otherwise.

const KEPT = "isadma-lab-theme";

export function chooseTheme() {
  let chosen = null;
  try {
    chosen = localStorage.getItem(KEPT);
  } catch {
    // A page from a file may have no storage.
  }
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
}

export function nextTheme() {
  const { dataset } = document.documentElement;
  const dark = dataset.theme ? dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem(KEPT, dataset.theme);
  } catch {
    // Then it lasts as long as the page.
  }
}
