"""How files come to be whose lines are in different encodings: a simulator.

Programs with different settings append to one log; archives of mail keep each message as it was sent; files
are put together from others with ``cat``.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

SIMPLIFIED = (
    "今天早上八点系统开始备份数据库",
    "用户登录失败，请检查密码是否正确。",
    "网络连接已经断开，正在重新连接服务器……",
    "他说：“这个问题我们明天再讨论。”",
    "全国各地的代表参加了这次会议",
    "错误 404: 文件没有找到 /var/www/index.html",
    "[2009-03-12 10:22:31] INFO 任务完成，用时三分钟",
    "这家酒店的房间很干净，服务也不错，就是早餐一般",
)
TRADITIONAL = (
    "今天早上八點系統開始備份資料庫",
    "使用者登入失敗，請檢查密碼是否正確。",
    "網路連線已經中斷，正在重新連接伺服器……",
    "他說：「這個問題我們明天再討論。」",
    "全國各地的代表參加了這次會議",
    "錯誤 404: 找不到檔案 /var/www/index.html",
    "[2009-03-12 10:22:31] INFO 工作完成，用時三分鐘",
    "這家飯店的房間很乾淨，服務也不錯，就是早餐一般",
)
ASCII = ("", "-- ", "GET /index.html HTTP/1.1 200", "Traceback (most recent call last):")


def lines_of(encoding: str) -> Sequence[str]:
    """Return lines that people write in an encoding."""
    return {"gb18030": SIMPLIFIED, "big5hkscs": TRADITIONAL}.get(encoding, SIMPLIFIED + TRADITIONAL)


def mixed(
    seed: int, encodings: Sequence[str], count: int, *, run: int, newline: str = "\n"
) -> tuple[str, bytes]:
    """Return a text and its bytes, in which runs of lines are in one encoding after the other.

    ``count`` is the least number of lines, ``run`` the longest run in one encoding; every encoding is used.
    """
    chance = random.Random(seed)
    lines: list[tuple[str, str]] = []
    turn = 0
    while len(lines) < count or turn < len(encodings):
        encoding = encodings[turn] if turn < len(encodings) else chance.choice(encodings)
        for _ in range(chance.randint(1, run)):
            lines.append((chance.choice(lines_of(encoding)), encoding))
            if chance.random() < 0.2:
                lines.append((chance.choice(ASCII), encoding))
        turn += 1
    text = "".join(line + newline for line, _ in lines)
    return text, b"".join((line + newline).encode(encoding) for line, encoding in lines)
