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
    tickAll();
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
  var held = null;

  function rowOf(target) {
    return target.closest ? target.closest("[data-drag-row]") : null;
  }

  document.addEventListener("mousedown", function (event) {
    var row = rowOf(event.target);
    var isHandle = row && row.closest("[data-drag-url]") && !event.target.closest("input, button, summary, a, form");
    if (isHandle) {
      row.draggable = true;
      held = row; // from here on it must not be swapped away under the hand
    }
  });
  document.addEventListener("mouseup", function () {
    held = null;
  });
  document.addEventListener("dragstart", function (event) {
    dragged = rowOf(event.target);
    if (dragged) {
      event.dataTransfer.setData("text/plain", dragged.dataset.dragRow);
      event.dataTransfer.effectAllowed = "move";
    }
  });
  function markTarget(row) {
    var marked = document.querySelectorAll(".drag-target");
    for (var i = 0; i < marked.length; i += 1) {
      marked[i].classList.remove("drag-target");
    }
    if (row) {
      row.classList.add("drag-target");
    }
  }

  document.addEventListener("dragover", function (event) {
    var row = rowOf(event.target);
    if (dragged && row && row.parentNode === dragged.parentNode) {
      event.preventDefault();
      markTarget(row);
    }
  });
  document.addEventListener("dragend", function () {
    if (dragged) {
      dragged.draggable = false;
    }
    dragged = held = null;
    markTarget(null);
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

  /* A console that no longer hears its server says so, stands still, and goes on by itself. */
  var heardAt = performance.now();
  var heardTime = timeOfDay();

  function timeOfDay() {
    var now = new Date();
    return [now.getHours(), now.getMinutes(), now.getSeconds()].map(function (n) { return (n < 10 ? "0" : "") + n; }).join(":");
  }

  function sayLost(words) {
    var notice = document.querySelector("[data-console-lost]");
    if (notice) {
      notice.textContent = words;
      notice.hidden = !words;
      known = words ? heardAt : null;
      tickAll();
    }
  }

  function isOfFloor(event) {
    return event.detail.target && event.detail.target.id === "floor";
  }

  document.addEventListener("htmx:afterRequest", function (event) {
    var answer = event.detail.xhr;
    if (!isOfFloor(event)) {
      return;
    }
    if (answer && answer.status > 0 && answer.status < 500) {
      heardAt = performance.now();
      heardTime = timeOfDay();
      sayLost("");
    } else if (event.detail.requestConfig.verb === "get") {
      sayLost("连接中断，正在重连，画面停在 " + heardTime + "。恢复以前，按钮不起作用。");
    } else {
      sayLost("连接中断，刚才的点击没有得到答复，可能已经生效。正在重连，恢复后请看清最新状态再点。画面停在 " + heardTime + "。");
    }
  });

  /* What is half typed in the floor stays: no swap while a box there is open and filled in. */
  function openBoxes() {
    return Array.from(document.querySelectorAll("#floor details[open] input[type=text], #floor details[open] input:not([type])"));
  }

  function isFilledIn(box) {
    return box.value !== box.defaultValue;
  }

  function isTyping() {
    return openBoxes().some(function (box) { return isFilledIn(box) || box === document.activeElement; });
  }

  /* A press swaps all the same: what was typed is put back, but for the form that was obeyed. */
  var typed = [];

  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!isOfFloor(event)) {
      return;
    }
    if (event.detail.requestConfig.verb === "get" && (isTyping() || held)) {
      event.detail.shouldSwap = false;
      return;
    }
    var obeyed = event.detail.xhr.status < 400 ? event.detail.requestConfig.elt : null;
    typed = openBoxes().filter(function (box) { return isFilledIn(box) && box.form !== obeyed; }).map(function (box) {
      return { id: box.id, words: box.value };
    });
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    if (!isOfFloor(event)) {
      return;
    }
    typed.forEach(function (kept) {
      var box = document.getElementById(kept.id);
      if (box) {
        box.value = kept.words;
        box.closest("details").open = true;
      }
    });
    typed = [];
  });
})();
