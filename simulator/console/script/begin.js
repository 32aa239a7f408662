// The beginning, when everything above is there.

$("link").hidden = false;
wait();
findScenarios();
