/** Takes a picture of the camera and turns four clicks (or the arrow keys) into points of it. */
import { ask } from "./refusal.js";

const work = document.getElementById("work");
const picture = document.getElementById("picture");
const canvas = document.getElementById("marks");
const said = document.getElementById("said");
const what = document.getElementById("what");
const output = document.getElementById("points");

const state = { ticket: "", points: [], cross: null, live: true, wrong: false };

/** Write the ticket of the held picture and the points into every form that needs them. */
function fill() {
  const text = state.points.map(([x, y]) => `${x},${y}`).join(" ");
  for (const field of document.querySelectorAll("input.ticket")) field.value = state.ticket;
  for (const field of document.querySelectorAll("input.points")) field.value = text;
  output.textContent = text;
}

/** Draw points, the lines between them, and the keyboard's cross. */
export function draw() {
  const width = picture.naturalWidth || 16;
  const height = picture.naturalHeight || 9;
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  const size = width / 160;
  pen.lineWidth = size / 2.5;
  pen.font = `bold ${size * 4}px sans-serif`;
  pen.strokeStyle = "#ff2bd6";
  pen.fillStyle = "#ff2bd6";
  if (state.points.length > 1) {
    pen.beginPath();
    state.points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    if (state.points.length === 4) pen.closePath();
    pen.stroke();
  }
  state.points.forEach(([x, y], i) => {
    pen.beginPath();
    pen.arc(x, y, size * 0.8, 0, 2 * Math.PI);
    pen.stroke();
    pen.fillText(String(i + 1), x + size * 1.4, y - size * 1.2);
  });
  if (state.cross && document.activeElement === canvas) {
    const [x, y] = state.cross;
    pen.strokeStyle = "#ffd75e";
    pen.beginPath();
    pen.moveTo(x - size * 4, y);
    pen.lineTo(x + size * 4, y);
    pen.moveTo(x, y - size * 4);
    pen.lineTo(x, y + size * 4);
    pen.stroke();
  }
  guide();
}

function guide() {
  if (state.live) return;
  const names = said.dataset[what.value].split("|");
  const next = names[state.points.length];
  said.textContent = next
    ? `${said.dataset.held} ${picture.naturalWidth}×${picture.naturalHeight}. ${said.dataset.ask}: ${state.points.length + 1}/4 ${next}`
    : said.dataset.whole;
}

function place(x, y) {
  if (state.live || state.points.length === 4) return;
  state.points.push([Math.round(x * 10) / 10, Math.round(y * 10) / 10]);
  fill();
  draw();
}

function undo() {
  state.points.pop();
  fill();
  draw();
}

/** Say what went wrong; it stays until something else is tried, however the picture changes. */
function refused(text) {
  state.wrong = said.dataset.wrong = true;
  said.textContent = text;
}

async function hold(file) {
  const body = new FormData();
  body.set("csrf", work.dataset.csrf);
  if (file) body.set("picture", file, "picture");
  const { told, wrong } = await ask("/admin/camera/grab", body);
  if (told) show(told.ticket, []);
  else refused(wrong);
}

/** Show the held picture of a ticket, with the points that were marked in it. */
export function show(ticket, points) {
  state.ticket = ticket;
  state.points = points;
  state.live = state.wrong = false;
  delete said.dataset.wrong;
  picture.hidden = false;
  picture.src = `/admin/camera/held/${ticket}`;
  fill();
}

/** Take one picture with this browser's own camera. */
async function own() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } });
    const video = document.createElement("video");
    video.srcObject = stream;
    video.muted = true;
    await video.play();
    await new Promise(done => { setTimeout(done, 600); }); // cameras begin too dark
    const shot = document.createElement("canvas");
    shot.width = video.videoWidth;
    shot.height = video.videoHeight;
    shot.getContext("2d").drawImage(video, 0, 0);
    for (const track of stream.getTracks()) track.stop();
    await hold(await new Promise(done => { shot.toBlob(done, "image/jpeg", 0.95); }));
  } catch (error) {
    refused(`${said.dataset.noPicture}: ${error.message ?? error}`);
  }
}

function refresh() {
  if (!state.live || document.hidden) return;
  const next = new Image();
  next.onload = () => {
    if (!state.live) return;
    picture.src = next.src;
    picture.hidden = false;
    if (!state.wrong) said.textContent = said.dataset.live;
  };
  next.onerror = () => {
    if (!state.live) return;
    picture.hidden = true;
    if (!state.wrong) said.textContent = said.dataset.noPicture;
  };
  next.src = `/admin/camera/picture.jpg?background=1&t=${Date.now()}`;
}

picture.addEventListener("load", draw);
document.getElementById("grab").addEventListener("click", () => hold(null));
document.getElementById("own").addEventListener("click", own);
document.getElementById("upload").addEventListener("change", event => event.target.files[0] && hold(event.target.files[0]));
document.getElementById("undo").addEventListener("click", undo);
what.addEventListener("change", () => { state.points = []; fill(); draw(); });

canvas.addEventListener("pointerdown", event => {
  const box = canvas.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width * picture.naturalWidth;
  const y = (event.clientY - box.top) / box.height * picture.naturalHeight;
  place(x, y);
});
canvas.addEventListener("keydown", event => {
  const step = (event.shiftKey ? 20 : 2) * Math.max(1, picture.naturalWidth / 960);
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  state.cross ??= [picture.naturalWidth / 2, picture.naturalHeight / 2];
  if (moves[event.key]) {
    const [dx, dy] = moves[event.key];
    state.cross = [
      Math.min(picture.naturalWidth, Math.max(0, state.cross[0] + dx)),
      Math.min(picture.naturalHeight, Math.max(0, state.cross[1] + dy)),
    ];
  } else if (event.key === "Enter") {
    place(...state.cross);
  } else if (event.key === "Backspace") {
    undo();
  } else {
    return;
  }
  event.preventDefault();
  draw();
});
canvas.addEventListener("blur", draw);

if (work.dataset.ticket) {
  const points = work.dataset.points.split(" ").map(pair => pair.split(",").map(Number)).filter(pair => pair.length === 2);
  what.value = work.dataset.what;
  show(work.dataset.ticket, points);
} else {
  refresh();
}
setInterval(refresh, 1500);
