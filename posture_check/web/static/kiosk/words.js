/** Wordings of the page, Chinese and English; what is about a person or a rule comes from the server. */
const WORDS = {
  brand: ["岗前自检", "Shift check"],
  language: ["English", "中文"],
  language_label: ["Switch to English", "切换为中文"],
  mute: ["关闭声音", "Sound off"],
  unmute: ["打开声音", "Sound on"],
  cancel: ["退出", "Leave"],
  cancel_label: ["退出并清除本次检查", "Leave and clear this check"],

  hello: ["准备上岗", "Ready for your shift?"],
  hello_sub: ["对着镜子，一步一步来，不到一分钟。", "Step in front of the mirror. Under a minute, one sentence at a time."],
  begin: ["点这里开始", "Touch to begin"],
  attract_1: ["选择姓名", "Say who you are"],
  attract_2: ["照着提示站好", "Follow the mirror"],
  attract_3: ["合格，上岗", "Start your shift"],

  chip_1: ["双肩端平", "Shoulders level"],
  chip_2: ["工牌端正", "Badge straight"],
  chip_3: ["脚位标准", "Feet in place"],

  who: ["你是哪一位？", "Who are you?"],
  by_name: ["选姓名", "My name"],
  by_number: ["输工号", "My number"],
  by_code: ["扫工牌", "Show a code"],
  search: ["姓名或工号", "Name or number"],
  nobody: ["没有找到", "Nobody by that name"],
  number_label: ["工号", "Staff number"],
  erase: ["删除", "Delete"],
  ok: ["确定", "OK"],
  show_code: ["请把二维码或条形码对准方框", "Hold your QR code or barcode in the frame"],
  guest: ["不登记姓名，直接试一次", "Check without a name"],
  guest_sub: ["选择适用的规范", "Which standard applies?"],
  role_A: ["规范 A（男士着装）", "Standard A (men's dress)"],
  role_B: ["规范 B（女士着装）", "Standard B (women's dress)"],
  seated_variant: ["坐着完成", "I do it seated"],
  no_roster: ["还没有人员名单", "There is no staff list yet"],
  no_roster_sub: [
    "管理员可以在管理页面的“人员”里添加人员，或导入 CSV 表格。现在也可以先试一次：",
    "An administrator adds people under “Staff” on the admin pages, or imports a CSV file. You can try it at once:",
  ],

  consent: ["检查之前", "Before we start"],
  agree: ["我同意", "I agree"],
  decline: ["不同意", "I do not agree"],

  skip: ["跳过这一步", "Skip this step"],
  steps: ["步骤", "Steps"],
  optional: ["可选", "optional"],
  skipped: ["已跳过", "left out"],

  yes: ["合格", "In order"],
  no: ["不合格", "Not yet"],
  go_on: ["继续", "Continue"],
  answered: ["已答 {n} / {all}", "{n} of {all} answered"],

  pass: ["合格，可以上岗", "All good. Have a great shift!"],
  fail: ["还差一点", "Almost there"],
  incomplete: ["还没有检查完整", "Not complete yet"],
  pass_sub: ["全部必查项目合格。", "Every required item is in order."],
  fail_sub: ["请按下面的提示整理，然后只重查这几项。", "Put these right, then repeat only what failed."],
  incomplete_sub: ["有些项目没有看清，请再来一次。", "Some items could not be seen. Please try again."],
  to_fix: ["需要整理", "To put right"],
  not_seen: ["没有看清", "Could not be judged"],
  in_order: ["合格项目", "In order"],
  advice: ["建议", "Advice"],
  exempt: ["免检", "Exempt"],
  borderline: ["临界，算合格", "close to the limit, counts as passed"],
  retry: ["重查未通过的项目", "Repeat what failed"],
  retries_left: ["还可重查 {n} 次", "{n} more {tries}"],
  no_retries: ["重查次数已用完，请找主管", "No tries left: please ask a supervisor"],
  supervisor: ["主管放行", "Supervisor"],
  finish: ["完成", "Finish"],
  overridden: ["主管已放行", "Released by a supervisor"],

  override: ["主管放行", "Supervisor release"],
  override_sub: ["输入主管密码并选择原因，记录会写入日志。", "Enter the supervisor's PIN and a reason; it is written to the log."],
  pin: ["主管 PIN 码", "Supervisor's PIN"],
  reason: ["原因", "Reason"],
  reason_other: ["其他原因", "Another reason"],
  reason_1: ["设备或光线问题", "Camera or light"],
  reason_2: ["健康原因", "Health"],
  reason_3: ["已当面检查", "Checked in person"],
  confirm: ["确认放行", "Release"],
  back: ["返回", "Back"],

  done: ["祝你工作顺利", "Have a good shift"],
  done_name: ["{name}，祝你工作顺利", "Have a good shift, {name}"],
  next_person: ["下一位", "Next person"],
  done_fail: ["已记录，整理好再来", "Saved. Come back when it is put right"],
  cleared: ["{n} 秒后清除屏幕", "The screen clears in {n} s"],
  clears: ["{n} 秒后清除，点屏幕继续", "Clears in {n} s. Touch the screen to stay"],

  busy: ["检查台正在另一个窗口使用", "The kiosk is in use in another window"],
  busy_sub: ["可以改在这里使用，另一个窗口会停下。", "You can use it here instead; the other window will stop."],
  use_here: ["在这里使用", "Use it here"],

  server_gone: ["与检查程序的连接断了，正在重新连接…", "The check program is not answering. Reconnecting…"],
  camera_denied: [
    "浏览器不允许使用摄像头。请点地址栏的摄像头图标，选择“允许”。",
    "The browser does not allow the camera. Press the camera sign in the address bar and choose “Allow”.",
  ],
  camera_none: ["没有找到摄像头。请插好摄像头，画面会自己回来。", "There is no camera. Plug it in; the picture comes back by itself."],
  camera_busy: ["摄像头正被其他程序使用。请关闭那个程序。", "Another program uses the camera. Please close it."],
  camera_lost: ["摄像头断开了。请检查连线，画面会自己回来。", "The camera is gone. Check its cable; the picture comes back by itself."],
  camera_insecure: [
    "浏览器只在本机地址或 https 下开放摄像头。请用 https 打开本页。",
    "Browsers open the camera only on this machine or over https. Open this page by https.",
  ],
};

/** @typedef {"zh"|"en"} Lang */

/**
 * Says a wording of the page.
 *
 * @param {keyof typeof WORDS} key Which one.
 * @param {Lang} lang Language.
 * @param {Record<string, string|number>} [values] What to put in its braces.
 * @returns {string}
 */
export function word(key, lang, values = {}) {
  const text = WORDS[key][lang === "zh" ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * Says a wording that came from the server.
 *
 * @param {{zh: string, en: string}|null|undefined} text Both languages.
 * @param {Lang} lang Language.
 * @returns {string}
 */
export function say(text, lang) {
  return text ? text[lang] : "";
}
