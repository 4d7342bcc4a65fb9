// Asks for the token of the admin address.

import { byId, setText } from "./dom.js";
import { keepToken } from "./api.js";

/** Returns when a token has been entered. */
export function askForToken(wrong) {
  const [dialog, input, fault] = [byId("token-dialog"), byId("token"), byId("token-fault")];
  setText(fault, wrong ? "This is not the token of this replica." : "");
  input.value = "";
  return new Promise(resolve => {
    const closed = () => {
      const token = input.value.trim();
      if (/^[!-~]+$/.test(token)) {
        dialog.removeEventListener("close", closed);
        keepToken(token);
        resolve();
        return;
      }
      if (token !== "") {
        setText(fault, "A token is one line of visible ASCII characters.");
      }
      dialog.showModal();
    };
    dialog.addEventListener("close", closed);
    dialog.showModal();
  });
}
