/* A grade that differs from the suggestion needs a reason: open the box that asks for it. Works without, too. */
(function () {
  "use strict";

  document.addEventListener("change", function (event) {
    var select = event.target;
    if (select.tagName !== "SELECT" || !select.closest(".decision-cell")) {
      return;
    }
    var details = select.closest(".grade-line").querySelector(".decide");
    var differs = select.value !== "" && select.value !== select.dataset.suggested;
    if (details && differs) {
      details.setAttribute("open", "");
      details.querySelector("textarea").focus();
    }
  });
})();
