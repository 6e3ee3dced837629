/* Content items and their passages: anchor what is selected in a text box, find again what was anchored. */
(function () {
  "use strict";

  if (window.passagesAreWatched) {
    return; // included by more than one piece of the page
  }
  window.passagesAreWatched = true;
  document.documentElement.classList.add("has-script");

  // What was selected last in one of the report's boxes: pressing the button takes the focus away.
  var chosen = null;
  var SECTIONS = ["prior", "duty", "problems", "plans", "self_evaluation"];

  function note(event) {
    var box = event.target;
    if (box.tagName !== "TEXTAREA" || SECTIONS.indexOf(box.name) < 0) {
      return;
    }
    var words = box.value.slice(box.selectionStart, box.selectionEnd);
    chosen = words.trim() ? { section: box.name, quote: words } : null;
  }
  ["select", "keyup", "mouseup", "touchend"].forEach(function (name) {
    document.addEventListener(name, note);
  });

  document.addEventListener("htmx:configRequest", function (event) {
    if (!event.target.closest || !event.target.closest("[data-anchor]")) {
      return;
    }
    event.detail.parameters.section = chosen ? chosen.section : "";
    event.detail.parameters.quote = chosen ? chosen.quote : "";
  });

  // The letters of a text without its blanks, each with the place where it stood.
  function ink(text) {
    var places = [];
    var letters = "";
    for (var place = 0; place < text.length; place += 1) {
      if (/\S/.test(text[place])) {
        letters += text[place];
        places.push(place);
      }
    }
    return { letters: letters, places: places };
  }
  function find(quote, text) {
    var sought = ink(quote).letters;
    var hay = ink(text);
    var start = sought ? hay.letters.indexOf(sought) : -1;
    return start < 0 ? null : [hay.places[start], hay.places[start + sought.length - 1] + 1];
  }

  // On the writing page the passage is selected in its box.
  function showInBox(button) {
    var box = document.getElementById(button.dataset.field);
    var found = box && find(button.dataset.passage, box.value);
    if (!found) {
      return;
    }
    box.focus();
    box.setSelectionRange(found[0], found[1]);
    box.scrollTop = box.scrollHeight * found[0] / Math.max(1, box.value.length) - box.clientHeight / 2;
    box.scrollIntoView({ block: "center" });
  }

  // On a page to read it is marked as the reader's own selection; the numbers of findings in between do not count.
  function showInText(link) {
    var head = document.getElementById(link.getAttribute("href").slice(1));
    var body = head && head.nextElementSibling;
    if (!body) {
      return false;
    }
    var walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT, null, false);
    var pieces = [];
    var text = "";
    while (walker.nextNode()) {
      var node = walker.currentNode;
      if (node.parentNode.tagName !== "SUP" && !node.parentNode.classList.contains("over-line")) {
        pieces.push({ node: node, start: text.length });
        text += node.nodeValue;
      }
    }
    var found = find(link.dataset.passage, text);
    if (!found) {
      return false;
    }
    function at(place) {
      for (var number = pieces.length - 1; number >= 0; number -= 1) {
        if (pieces[number].start <= place) {
          return [pieces[number].node, place - pieces[number].start];
        }
      }
    }
    var range = document.createRange();
    var first = at(found[0]);
    var last = at(found[1] - 1);
    range.setStart(first[0], first[1]);
    range.setEnd(last[0], last[1] + 1);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    window.scrollBy(0, range.getBoundingClientRect().top - window.innerHeight / 3);
    return true;
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-passage]");
    var link = event.target.closest && event.target.closest("a[data-passage]");
    if (button) {
      showInBox(button);
    } else if (link && showInText(link)) {
      event.preventDefault();
    }
  });
})();
