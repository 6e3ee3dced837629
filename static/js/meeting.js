/* The countdown ticks here between two answers of the server, whose seconds it starts from: the clock of this PC plays no part. */
(function () {
  "use strict";

  var WARN_SECONDS = 60;

  function inMinutes(seconds) {
    var rest = seconds % 60;
    return Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }

  var known = null; // a page that has lost its server knows the clock only up to here

  function spentOn(clock) {
    var until = known === null ? performance.now() : known;
    return Number(clock.dataset.spent) + Math.max(0, Math.floor((until - clock.arrivedAt) / 1000));
  }

  function tick(clock) {
    if (clock.arrivedAt === undefined) {
      clock.arrivedAt = performance.now();
    }
    if (clock.dataset.running !== "1") {
      return;
    }
    var spent = spentOn(clock);
    var left = Number(clock.dataset.limit) - spent;
    var tone = left < 0 ? "over" : left <= WARN_SECONDS ? "warning" : "calm";
    var words = { over: "超时", warning: "剩余不足1分钟", calm: "剩余时间" }[tone];
    clock.querySelector("[data-clock-digits]").textContent = inMinutes(Math.abs(left));
    clock.querySelector("[data-clock-words]").textContent = words;
    clock.classList.remove("clock-calm", "clock-warning", "clock-over");
    clock.classList.add("clock-" + tone);
  }

  function tickAll() {
    var clocks = document.querySelectorAll("[data-clock]");
    for (var i = 0; i < clocks.length; i += 1) {
      tick(clocks[i]);
    }
  }
  tickAll();
  window.setInterval(tickAll, 250);

  document.addEventListener("clock:known", function (event) {
    known = event.detail;
  });

  /* The server's seconds count wherever the two differ by more than their rounding: after a sleep of this PC. */
  document.addEventListener("clock:spent", function (event) {
    var clocks = document.querySelectorAll("[data-clock]");
    for (var i = 0; i < clocks.length; i += 1) {
      if (clocks[i].arrivedAt !== undefined && Math.abs(spentOn(clocks[i]) - event.detail) > 1) {
        clocks[i].dataset.spent = event.detail;
        clocks[i].arrivedAt = performance.now();
      }
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-fullscreen]") && document.documentElement.requestFullscreen) {
      document.documentElement.requestFullscreen();
    }
  });

  /* Rows are dragged with the mouse; the arrows beside them do the same by keyboard and without this script. */
  var dragged = null;

  function rowOf(target) {
    return target.closest ? target.closest("[data-drag-row]") : null;
  }

  document.addEventListener("mousedown", function (event) {
    var row = rowOf(event.target);
    var isHandle = row && row.closest("[data-drag-url]") && !event.target.closest("input, button, summary, a, form");
    if (isHandle) {
      row.draggable = true;
    }
  });
  document.addEventListener("dragstart", function (event) {
    dragged = rowOf(event.target);
    if (dragged) {
      event.dataTransfer.setData("text/plain", dragged.dataset.dragRow);
      event.dataTransfer.effectAllowed = "move";
    }
  });
  document.addEventListener("dragover", function (event) {
    var row = rowOf(event.target);
    if (dragged && row && row.parentNode === dragged.parentNode) {
      event.preventDefault();
    }
  });
  document.addEventListener("dragend", function () {
    if (dragged) {
      dragged.draggable = false;
    }
    dragged = null;
  });
  document.addEventListener("drop", function (event) {
    var row = rowOf(event.target);
    if (!dragged || !row || row === dragged || row.parentNode !== dragged.parentNode) {
      return;
    }
    event.preventDefault();
    var list = row.parentNode;
    var keys = list.dataset.dragSeen.split(",");
    var from = keys.indexOf(dragged.dataset.dragRow);
    var to = keys.indexOf(row.dataset.dragRow);
    keys.splice(to, 0, keys.splice(from, 1)[0]);
    window.htmx.ajax("POST", list.dataset.dragUrl, {
      target: "#floor",
      swap: "outerHTML",
      values: {
        way: "drag",
        seen: list.dataset.dragSeen,
        sequence: keys.join(","),
        csrfmiddlewaretoken: list.querySelector("[name=csrfmiddlewaretoken]").value
      }
    });
  });
})();
