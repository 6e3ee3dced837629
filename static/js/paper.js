/* Keying paper ballots: one key a line, the cursor moves on by itself. The page is a plain form without this.
   Nothing is kept in the browser: what is keyed leaves with the form. */
(function () {
  "use strict";

  // What each key means, as the legend on the page says it.
  var WORDS = {};
  document.querySelectorAll(".paper-legend [data-key]").forEach(function (word) {
    WORDS[word.dataset.key] = word.textContent.replace(/（.*/, "");
  });
  // By place on the keyboard, for a Chinese input method that swallows the letter.
  var PLACES = { KeyX: "x", NumpadDecimal: "x", Period: "x", Minus: "-", NumpadSubtract: "-" };
  var form = document.getElementById("paper-form");
  var save = document.getElementById("paper-save");
  if (!form) { if (save) { save.focus(); } return; }
  var cells = Array.prototype.slice.call(form.querySelectorAll(".paper-cell"));
  var whole = document.getElementById("paper-whole");

  function letterOf(event) {
    var place = event.code || "";
    if (PLACES[place] && !event.shiftKey) { return PLACES[place]; }
    var digit = /^(?:Digit|Numpad)([0-4])$/.exec(place);
    return digit && !event.shiftKey ? digit[1] : "";
  }
  function say(cell) {
    var word = cell.parentNode.querySelector(".paper-word");
    word.textContent = WORDS[cell.value] || (cell.value ? "不能识别" : "");
    word.classList.toggle("is-wrong", !!cell.value && !WORDS[cell.value]);
  }
  function go(index) {
    if (index < 0) { return; }
    if (index < cells.length) { cells[index].focus(); cells[index].select(); } else { save.focus(); }
  }
  function set(cell, letter) {
    cell.value = letter;
    if (whole) { whole.checked = false; } // keyed line by line, the sheet is not void as a whole
    say(cell);
  }

  cells.forEach(function (cell, index) {
    say(cell);
    cell.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.altKey || event.metaKey) { return; }
      var letter = letterOf(event);
      if (event.code === "KeyX" && event.shiftKey && whole) {
        whole.checked = !whole.checked;
        if (whole.checked) { save.focus(); }
      } else if (letter) {
        set(cell, letter);
        go(index + 1);
      } else if (event.key === "Backspace" && !cell.value) {
        go(index - 1);
        if (index > 0) { set(cells[index - 1], ""); }
      } else if (event.key === "ArrowUp") {
        go(index - 1);
      } else if (event.key === "ArrowDown" || (event.key === "Enter" && index + 1 < cells.length)) {
        go(index + 1);
      } else { return; }
      event.preventDefault();
    });
    // Whatever came in another way: a full-width digit, a paste, a phone's keyboard.
    cell.addEventListener("input", function () {
      var letter = cell.value.normalize("NFKC").toLowerCase().slice(-1);
      set(cell, letter === "." ? "x" : letter);
      if (WORDS[cell.value]) { go(index + 1); }
    });
  });
  if (save) {
    save.addEventListener("keydown", function (event) {
      if (event.key !== "Backspace" && event.key !== "ArrowUp") { return; }
      event.preventDefault();
      if (whole) { whole.checked = false; }
      go(cells.length - 1);
    });
  }
  var empty = cells.findIndex(function (cell) { return !cell.value; });
  go(empty < 0 ? 0 : empty);
  form.dataset.listens = "1";
})();
