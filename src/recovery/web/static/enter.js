// Takes the one-time code out of the address, where it stands behind "#" and is sent to nobody, and posts it.
"use strict";
const code = decodeURIComponent(location.hash.slice(1));
if (code) {
  history.replaceState(null, "", location.pathname);
  document.getElementById("code").value = code;
  document.getElementById("enter").submit();
}
