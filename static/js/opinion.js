/* 综合评价意见: counts characters while one types; a sentence is adopted without asking the server. */
(function () {
  "use strict";
  var box = document.querySelector("textarea[data-counted]");
  var told = document.getElementById("opinion-count");
  if (!box || !told) {
    return;
  }
  var range = box.dataset.counted.split("-").map(Number);

  function tell() {
    var length = Array.from(box.value.replace(/\s/g, "")).length;
    var words = "字数合适";
    if (length < range[0]) {
      words = "还差 " + (range[0] - length) + " 字";
    } else if (length > range[1]) {
      words = "超过 " + (length - range[1]) + " 字";
    }
    told.querySelector("strong").textContent = length;
    told.querySelector("span").textContent = words;
    told.classList.toggle("opinion-outside", words !== "字数合适");
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-append], button[data-replace]");
    if (!button) {
      return;
    }
    event.preventDefault();
    if (button.dataset.append) {
      box.value = box.value.replace(/\s+$/, "") + button.dataset.append;
      button.textContent = "已采用";
    } else if (!box.value.trim() || window.confirm("用草稿替换框中的文字吗？")) {
      box.value = button.dataset.replace;
    }
    tell();
  });
  box.addEventListener("input", tell);
  tell();
})();
