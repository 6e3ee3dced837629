/* Correcting an uploaded report: counts as one types or chooses, and tells the server in which line the cursor stands. */
(function () {
  "use strict";

  var form = document.getElementById("take-form");
  if (!form) {
    return;
  }
  // The same characters that the server leaves out when it counts.
  var BLANK = /[\s\u00ad\u200b-\u200f\u2060\ufeff]/g;

  function lengthOf(text) {
    return Array.from(text.replace(BLANK, "")).length;
  }

  function fields(part) {
    return { kind: part.querySelector("select"), text: part.querySelector("textarea"), row: part.querySelector("input[name$='-row']") };
  }

  function rowOf(kind) {
    return form.querySelector(".take-sums tr[data-kind='" + kind + "']");
  }

  function count() {
    var sums = {}, total = 0, waiting = 0;
    Array.prototype.forEach.call(form.querySelectorAll(".part"), function (part, index) {
      var found = fields(part);
      var length = lengthOf(found.text.value);
      var kind = found.kind.value;
      part.querySelector("[data-chars]").textContent = length;
      part.className = "part part-" + (kind || "waiting");
      sums[kind] = sums[kind] || { length: 0, from: [] };
      sums[kind].length += length;
      sums[kind].from.push(index + 1);
      total += length;
      waiting += !kind && length ? 1 : 0;
    });
    Array.prototype.forEach.call(form.querySelectorAll(".take-sums tr[data-kind]"), function (row) {
      var sum = sums[row.dataset.kind] || { length: 0, from: [] };
      row.querySelector("[data-sum]").textContent = sum.length;
      row.querySelector("[data-from]").innerHTML = sum.from.map(function (number) {
        return "<a href=\"#part-" + number + "\">" + number + "</a>";
      }).join("、") || "—";
      if (row.dataset.kind) {
        row.className = sum.from.length ? "" : "soft";
      }
    });
    var open = rowOf("");
    if (open) {
      open.hidden = !waiting;
    }
    form.querySelector("[data-total]").textContent = total;
    document.getElementById("take-waiting").textContent = waiting ? "还有 " + waiting + " 块没有归入" : "";
  }

  form.addEventListener("input", count);
  form.addEventListener("change", count);
  // Before the form is sent: the line of the cursor, for a cut there.
  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-split]");
    if (button) {
      var found = fields(button.closest(".part"));
      found.row.value = found.text.value.slice(0, found.text.selectionStart).split("\n").length - 1;
    }
  });
})();
