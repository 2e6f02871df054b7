//! Names of columns compared: one written in traditional characters is the same name.
//!
//! Only the characters that names of columns are made of; texts of people are never changed. Start at [`is_same`].

/// Traditional and simplified, pair by pair, of what heads columns of requests.
const PAIRS: &str = "編编號号單单時时間间標标題题內内詳详電电話话聯联絡络繫系類类別别區区處处門门辦办結结來来訴诉\
    質质狀状態态緯纬經经郵邮訊讯責责級级點点發发創创請请員员機机構构錄录資资訴诉見见問问關关戶户歸归檔档滿满\
    願愿與与進进開开後后備备註注圖图業业務务實实對对應应執执導导監监屬属層层樓楼鄉乡鎮镇縣县東东報报諮咨詢询\
    議议舉举證证數数據据個个項项長长過过達达轉转遞递紀纪檢检認认調调傳传體体場场廠厂車车環环維维護护衛卫";

/// Whether two names are the same, or the same but for traditional characters.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one == other || (!one.is_ascii() && simplified(one) == simplified(other))
}

/// The name in simplified characters.
pub(super) fn simplified(name: &str) -> String {
    name.chars()
        .map(|c| {
            let mut pairs = PAIRS.chars();
            while let (Some(old), Some(new)) = (pairs.next(), pairs.next()) {
                if old == c {
                    return new;
                }
            }
            c
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_names_are_the_same_names() {
        for (old, new) in [
            ("工單編號", "工单编号"),
            ("留言詳情", "留言详情"),
            ("聯絡電話", "联络电话"),
            ("辦結時間", "办结时间"),
            ("承辦單位", "承办单位"),
            ("訴求內容", "诉求内容"),
        ] {
            assert!(is_same(old, new) && !is_same(old, "標題"), "{old}");
        }
        assert!(!is_same("Title", "title"));
    }

    #[test]
    fn the_pairs_are_pairs() {
        assert_eq!(PAIRS.chars().count() % 2, 0);
        let mut chars = PAIRS.chars();
        while let (Some(old), Some(new)) = (chars.next(), chars.next()) {
            assert_ne!(old, new);
        }
    }
}
