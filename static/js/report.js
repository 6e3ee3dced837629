/* A finding leads to its place in the text; a usual opinion is put where it can be reworded. */
(function () {
  "use strict";

  // A finding leads to its place in the text.
  document.addEventListener("click", function (event) {
    var finding = event.target.closest("button.finding");
    var box = finding && document.getElementById(finding.dataset.field);
    if (!box) {
      return;
    }
    var start = Number(finding.dataset.start);
    var end = Number(finding.dataset.end);
    box.focus();
    box.setSelectionRange(start, end);
    box.scrollTop = heightBefore(box, start) - box.clientHeight / 2;
    box.scrollIntoView({ block: "center" });
  });

  // How far down a place stands: a twin of the box, holding the text before it alone, tells by its height.
  function heightBefore(box, place) {
    var twin = box.cloneNode(false);
    twin.removeAttribute("id");
    twin.removeAttribute("name");
    twin.rows = 1;
    twin.style.cssText = "position:absolute;visibility:hidden;height:0;min-height:0;width:" + box.offsetWidth + "px";
    twin.value = box.value.slice(0, place);
    box.parentNode.appendChild(twin);
    var height = twin.scrollHeight;
    box.parentNode.removeChild(twin);
    return height;
  }
})();
