// Loads the page anew while it is looked at, until all of it is there.
"use strict";
if (document.querySelectorAll(".steps li:not(.yes)").length > 0) {
  setInterval(() => { if (!document.hidden) location.reload(); }, 5000);
}
