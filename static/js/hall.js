/* The hall screen asks twice a second for its picture. It says so when nobody answers, stands still meanwhile, and goes on by itself. */
(function () {
  "use strict";

  var EVERY = 500; // milliseconds between two questions
  var PATIENCE = 3000; // of one question; a machine that is off answers nothing at all
  var SILENCE = 2500; // without an answer: the screen no longer knows

  var hall = document.querySelector("[data-hall]");
  var notice = document.querySelector("[data-hall-lost]");
  if (!hall || !window.fetch || !window.AbortController) {
    return;
  }
  var heardAt = performance.now();
  var repliedAt = heardAt; // also when all it said was: log in
  var told = hall.dataset.hallAt; // the server's time of the last answer
  var waiting = null;

  function stamp() {
    return hall.querySelector("[data-hall-stamp]").dataset.hallStamp;
  }

  function say(words) {
    if (notice.textContent !== words) {
      notice.textContent = words;
    }
    notice.hidden = !words;
    hall.classList.toggle("hall-still", Boolean(words));
    document.dispatchEvent(new CustomEvent("clock:known", { detail: words ? heardAt : null }));
  }

  function show(answer, words) {
    heardAt = repliedAt = performance.now();
    told = answer.headers.get("Hall-At");
    if (words) {
      hall.innerHTML = words;
    }
    var clock = hall.querySelector("[data-clock]");
    if (clock) {
      document.dispatchEvent(new CustomEvent("clock:spent", { detail: Number(answer.headers.get("Hall-Spent")) }));
    }
    say("");
  }

  function take(answer) {
    if (answer.status === 401 || answer.status === 403 || answer.status === 404 || answer.redirected) {
      repliedAt = performance.now();
      return say("大屏的登录已失效，画面停在 " + told + "。请在本机刷新页面，重新登录。");
    }
    if (!answer.ok || !answer.headers.get("Hall-At")) {
      return lose();
    }
    return answer.text().then(function (words) { show(answer, words); });
  }

  function lose() {
    if (performance.now() - repliedAt > SILENCE) {
      say("连接中断，正在重连，画面停在 " + told);
    }
  }

  function ask() {
    var begun = performance.now();
    var stop = new AbortController();
    var patience = window.setTimeout(function () { stop.abort(); }, PATIENCE);
    window.clearTimeout(waiting);
    fetch(hall.dataset.hall + "?stamp=" + stamp(), { signal: stop.signal, cache: "no-store" })
      .then(take)
      .catch(lose)
      .then(function () {
        window.clearTimeout(patience);
        window.clearTimeout(waiting);
        waiting = window.setTimeout(ask, Math.max(0, EVERY - (performance.now() - begun)));
      });
  }

  window.setInterval(lose, EVERY); // also while a question hangs
  ask();
})();
