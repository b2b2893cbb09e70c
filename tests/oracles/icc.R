# Intraclass correlations by psych, lme4 and analysis of variance: what Moments.icc must give.
#
#     Rscript tests/oracles/icc.R [FOLDER]
#
# writes icc-rows.csv (the rows of three data sets: the six targets by four judges of Shrout & Fleiss 1979, lme4's sleepstudy
# and R's own ChickWeight, whose chicks have unlike numbers of weighings) and icc.csv (one row a data set) into FOLDER, by
# default the folder of this script. psych and lme4 are asked where all groups have one size; `hand` is the formula from the
# mean squares of R's own analysis of variance, with the mean group size n0.
suppressPackageStartupMessages({
  library(psych)
  library(lme4)
})

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

judged <- c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7)
rows <- rbind(
  data.frame(source = "judges", group = rep(1:6, each = 4), value = judged),
  data.frame(source = "sleepstudy", group = as.integer(as.character(sleepstudy$Subject)), value = sleepstudy$Reaction),
  data.frame(source = "ChickWeight", group = as.integer(as.character(ChickWeight$Chick)), value = ChickWeight$weight)
)

one <- function(source) {
  data <- rows[rows$source == source, ]
  sizes <- table(data$group)
  found <- anova(lm(value ~ factor(group), data))
  n0 <- (sum(sizes) - sum(sizes^2) / sum(sizes)) / (length(sizes) - 1)
  hand <- (found$`Mean Sq`[1] - found$`Mean Sq`[2]) / (found$`Mean Sq`[1] + (n0 - 1) * found$`Mean Sq`[2])
  made <- data.frame(source, groups = length(sizes), n0, F = found$`F value`[1], df1 = found$Df[1], df2 = found$Df[2],
                     p = found$`Pr(>F)`[1], hand, psych = NA, low = NA, high = NA, mean_of_group = NA, reml = NA)
  if (length(unique(sizes)) == 1) {
    wide <- do.call(rbind, split(data$value, data$group))
    by_psych <- ICC(wide, lmer = FALSE)$results
    single <- by_psych[by_psych$type == "ICC1", ]
    made$psych <- single$ICC
    made$low <- single$`lower bound`
    made$high <- single$`upper bound`
    made$mean_of_group <- by_psych[by_psych$type == "ICC1k", "ICC"]
    parts <- as.data.frame(VarCorr(lmer(value ~ 1 + (1 | group), data)))$vcov
    made$reml <- parts[1] / sum(parts)
  }
  made
}
made <- do.call(rbind, lapply(unique(rows$source), one))

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by icc.R with psych %s on R %s", packageVersion("psych"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
}
write(rows, "icc-rows.csv")
write(made, "icc.csv")
