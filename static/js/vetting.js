/* Vetting: one key to the next report, a selected passage becomes a quote, a usual opinion is added with one click. */
(function () {
  "use strict";

  // N and P lead to the next and the previous report, unless somebody types.
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      return;
    }
    var link = document.querySelector('[data-key="' + String(event.key).toLowerCase().replace(/[^a-z]/g, "") + '"]');
    if (link) {
      event.preventDefault();
      link.click();
    }
  });

  // A usual opinion is added to what the vetter wrote, to be reworded.
  var templates = document.getElementById("templates");
  var opinion = document.getElementById("id_opinion");
  if (templates && opinion) {
    templates.addEventListener("change", function (event) {
      opinion.value = (opinion.value.trim() ? opinion.value.trim() + "\n" : "") + event.target.value;
      event.target.checked = false;
      opinion.focus();
    });
  }

  // What is selected in the report becomes the quote of a remark; numbers set into the text are no text.
  var page = document.querySelector("[data-remarkable]");
  if (!page) {
    return;
  }
  function words(range) {
    var copy = range.cloneContents();
    copy.querySelectorAll("[data-label]").forEach(function (label) { label.parentNode.removeChild(label); });
    return copy.textContent;
  }
  function count(text, quote) {
    var found = 0;
    for (var at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) { found += 1; }
    return found;
  }
  function take() {
    var selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) {
      return;
    }
    var range = selection.getRangeAt(0);
    var start = range.startContainer;
    var section = (start.nodeType === 1 ? start : start.parentNode).closest("[data-section]");
    if (!section || !section.contains(range.endContainer)) {
      return;
    }
    var quote = words(range).trim();
    if (!quote) {
      return;
    }
    var before = document.createRange();
    before.selectNodeContents(section);
    before.setEnd(range.startContainer, range.startOffset);
    var upTo = words(before) + words(range).replace(/\s+$/, "");
    document.getElementById("id_section").value = section.dataset.section;
    document.getElementById("id_quote").value = quote;
    document.getElementById("id_occurrence").value = Math.max(0, count(upTo, quote) - 1);
    document.getElementById("remark-form").open = true;
    offer.hidden = false;
  }
  var offer = document.createElement("button");
  offer.type = "button";
  offer.className = "btn btn-sm btn-primary remark-offer no-print";
  offer.textContent = "对选中的文字旁批";
  offer.hidden = true;
  document.body.appendChild(offer);
  offer.addEventListener("click", function () {
    offer.hidden = true;
    document.getElementById("remark-form").scrollIntoView({ block: "center" });
    document.getElementById("id_remark").focus();
  });
  document.addEventListener("selectionchange", function () {
    if (window.getSelection().isCollapsed) { offer.hidden = true; }
  });
  page.addEventListener("mouseup", take);
  page.addEventListener("keyup", take);
  page.addEventListener("touchend", function () { window.setTimeout(take, 50); });
})();
