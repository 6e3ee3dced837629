/* Small comforts for every page; each form works without them. */
(function () {
  "use strict";

  // On a phone the menu starts folded.
  var nav = document.querySelector(".sidenav");
  if (nav && window.matchMedia("(max-width: 767px)").matches) {
    nav.removeAttribute("open");
  }

  // A second click on a submit button does nothing while the first is under way.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });

  // "data-confirm" asks before an act that cannot be taken back.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-confirm]");
    if (button && !window.confirm(button.dataset.confirm)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  // "data-print" prints the page.
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });

  // Meters get their width here: no style attributes in the page (CSP).
  function fillMeters(root) {
    var meters = root.querySelectorAll("[data-meter]");
    for (var i = 0; i < meters.length; i += 1) {
      meters[i].style.width = meters[i].dataset.meter + "%";
    }
  }
  fillMeters(document);
  document.addEventListener("htmx:afterSwap", function (event) { fillMeters(event.target.parentNode || document); });
})();
