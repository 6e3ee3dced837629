/* The countdown ticks here between two answers of the server, whose seconds it starts from: the clock of this PC plays no part. */
(function () {
  "use strict";

  var WARN_SECONDS = 60;

  function inMinutes(seconds) {
    var rest = seconds % 60;
    return Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }

  function tick(clock) {
    if (clock.arrivedAt === undefined) {
      clock.arrivedAt = performance.now();
    }
    if (clock.dataset.running !== "1") {
      return;
    }
    var spent = Number(clock.dataset.spent) + Math.floor((performance.now() - clock.arrivedAt) / 1000);
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

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-fullscreen]") && document.documentElement.requestFullscreen) {
      document.documentElement.requestFullscreen();
    }
  });
})();
