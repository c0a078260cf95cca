"""Settings of the site, and the consent of its people."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from posture_check.rules.result import Text
from posture_check.sources.address import without_password
from posture_check.store.audit import append
from posture_check.store.errors import refused
from posture_check.store.part import Part, staff_row
from posture_check.store.records import ConsentText
from posture_check.store.settings import check_setting, read_setting
from posture_check.store.tables import ConsentTable, ConsentTextTable, SettingTable, StaffTable

SHIPPED_CONSENT = Text(
    zh=(
        "本机用摄像头检查您上岗前的仪态和着装。画面只在本机内存中分析，不识别人脸，不判断性别、年龄或情绪，"
        "不上传网络。系统保存检查结果（时间、各项是否合格及测量值），到期自动删除；只有本单位开启截图功能时才保存截图，"
        "他人面部会被模糊。结果用于上岗自查和月度考核。您可以随时向主管撤回同意，改为人工检查。"
    ),
    en=(
        "This machine's camera checks your posture and dress before your shift. The picture is looked at in this "
        "machine's memory only: no face recognition, no judgement of gender, age or emotion, nothing sent over the "
        "network. Kept are the results (time, what passed, measured values), deleted when their time is up; stills "
        "only if your site turned them on, with other people's faces blurred. Results are used for the shift-start "
        "check and the monthly appraisal. You may take your consent back at any time with your supervisor and be "
        "checked by a person instead."
    ),
)


def consent_sha256(text: Text) -> str:
    """Return the hash by which a consent text is known."""
    return sha256(f"{text.zh}\n{text.en}".encode()).hexdigest()


class SitePart(Part):
    """Settings and consent."""

    def setting(self, key: str, default: Any = None) -> Any:
        """Return a setting's value; where the site chose none, its own default (``SETTINGS``) or the given one."""
        with self._db.read() as session:
            return read_setting(session, key, default)

    def settings(self) -> dict[str, Any]:
        """Return what the site chose."""
        with self._db.read() as session:
            return {row.key: json.loads(row.value) for row in session.scalars(select(SettingTable))}

    def set_setting(self, key: str, value: Any, by: str) -> None:
        """Change a setting to any value that JSON can hold.

        Raises
        ------
        StoreError
            If the store cannot live with the value (``SETTINGS``).
        """
        now = self._clock()
        with self._db.write() as session:
            check_setting(session, key, value)
            before = read_setting(session, key)
            if before == value and session.get(SettingTable, key) is not None:
                return
            session.merge(SettingTable(key=key, value=json.dumps(value, ensure_ascii=False), at=now, by=by))
            append(session, now, "setting.changed", by, key, {"before": _written(before), "after": _written(value)})

    def consent_current(self) -> ConsentText:
        """Return the text that people agree to: the site's latest, or the one that ships."""
        with self._db.read() as session:
            return _current(session)

    def consent_publish(self, text: Text, by: str) -> ConsentText:
        """Make a new text the current one; everybody is asked anew."""
        now, digest = self._clock(), consent_sha256(text)
        with self._db.write() as session:
            if _current(session).sha256 == digest:
                return _current(session)
            if session.scalar(select(ConsentTextTable).where(ConsentTextTable.sha256 == digest)):
                raise refused(
                    "this text was in force before; change its wording", "该文本曾经使用过，请修改措辞", "consent"
                )
            version = (session.scalar(select(func.max(ConsentTextTable.version))) or 1) + 1
            session.add(ConsentTextTable(version=version, sha256=digest, zh=text.zh, en=text.en, at=now, by=by))
            append(session, now, "consent.published", by, f"version {version}", {"sha256": digest})
        return ConsentText(version=version, sha256=digest, text=text)

    def consent_given(self, number: str) -> bool:
        """Return whether a person agreed to the current text and did not take it back."""
        with self._db.read() as session:
            found = (
                select(ConsentTable.id)
                .join(StaffTable)
                .where(
                    StaffTable.number == number.strip(),
                    ConsentTable.text_sha256 == _current(session).sha256,
                    ConsentTable.withdrawn_at.is_(None),
                )
            )
            return session.scalar(found) is not None

    def consent_record(self, number: str, text_sha256: str) -> None:
        """Record that a person agreed to the current text; twice is once.

        Raises
        ------
        StoreError
            If it is not the current text, or there is no such person.
        """
        now = self._clock()
        with self._db.write() as session:
            current = _current(session)
            if text_sha256 != current.sha256:
                raise refused("the text has changed meanwhile; show it again", "文本已更新，请重新显示", "consent")
            person = staff_row(session, number)
            given = (ConsentTable.staff_id == person.id, ConsentTable.withdrawn_at.is_(None))
            if session.scalar(select(ConsentTable.id).where(*given, ConsentTable.text_sha256 == text_sha256)) is None:
                session.add(ConsentTable(staff_id=person.id, text_sha256=text_sha256, at=now))
                append(session, now, "consent.given", "kiosk", person.number, {"version": current.version})

    def consent_withdraw(self, number: str, by: str) -> None:
        """Take a person's consent back; they are asked again before the next check."""
        now = self._clock()
        with self._db.write() as session:
            person = staff_row(session, number)
            given = (ConsentTable.staff_id == person.id, ConsentTable.withdrawn_at.is_(None))
            if session.scalar(select(ConsentTable.id).where(*given)) is not None:
                session.execute(update(ConsentTable).where(*given).values(withdrawn_at=now))
                append(session, now, "consent.withdrawn", by, person.number)


def _current(session: Session) -> ConsentText:
    row = session.scalar(select(ConsentTextTable).order_by(ConsentTextTable.version.desc()).limit(1))
    if row is None:
        return ConsentText(version=1, sha256=consent_sha256(SHIPPED_CONSENT), text=SHIPPED_CONSENT)
    return ConsentText(version=row.version, sha256=row.sha256, text=Text(zh=row.zh, en=row.en))


def _written(value: Any) -> Any:
    """Return a setting as the audit log may have it: what is written there can never be taken back."""
    return without_password(value) if isinstance(value, str) else value
