/* Ticks all boxes of one name; without it each is ticked by hand. */
(function () {
  "use strict";
  var buttons = document.querySelectorAll("[data-check-all]");
  for (var i = 0; i < buttons.length; i += 1) {
    buttons[i].hidden = false;
    buttons[i].addEventListener("click", function (event) {
      var name = event.target.dataset.checkAll;
      var boxes = event.target.form.querySelectorAll('input[name="' + name + '"]');
      for (var j = 0; j < boxes.length; j += 1) { boxes[j].checked = true; }
    });
  }
})();
