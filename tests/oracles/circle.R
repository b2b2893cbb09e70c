# The circle world for very many agents, written a second time: what pt.Circle's fixed points and tipping points must be.
#
#     Rscript tests/oracles/circle.R [FOLDER]
#
# writes into FOLDER, by default the folder of this script:
#   circle-cases.csv    one row a made-up world: its parameters
#   circle-states.csv   one row a state that stays, found by scanning the number of upset callers
#   circle-turns.csv    one row a demand at which a state is gone; worlds that differ in demand alone share theirs
# A round is told here agent by kind of caller, from the story and not from the library's equations. Everything is found with uniroot
# and optimize on that round: for so many upset callers, the share worn that stays (uniroot); then either the callers that
# come back (uniroot over upset callers), or the demand that keeps them (uniroot), whose highest and lowest values are the
# tipping points (optimize). The library goes another way: over the share of callers upset, by roots of polynomials.
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

usual <- list(demand = 0.55, breaks = 0.10, autonomy = 0, resolve = 0.85, worn_loss = 0.5, upset_loss = 0.2, drain = 0.15,
              relief = 0.5, rest = 0.6, lull = 0.3, thanks = 0.1, rub = 0.05, returns = 0.95, quit = 0.0001, hire = 0.001)
worlds <- list(
  usual = list(), quiet = list(demand = 0.45), overloaded = list(demand = 0.7), below_tip = list(demand = 0.58),
  many_breaks = list(breaks = 0.2, demand = 0.58), free_hand = list(autonomy = 0.8, demand = 0.6),
  many_quit = list(quit = 0.004, hire = 0.02, demand = 0.5), few_hired = list(quit = 0.001, hire = 0.0015, demand = 0.45),
  queue_only = list(drain = 0.001, returns = 0.98, upset_loss = 0.4, demand = 0.6),
  no_tipping = list(returns = 0.6, upset_loss = 0.05, drain = 0.02, demand = 0.8),
  thankful = list(thanks = 0.8, lull = 0.05, drain = 0.4, demand = 0.5))

round_of <- function(p, upset, worn, vacant) {
  waiting <- upset + p$demand
  seats <- c(fresh = 1 - vacant - worn, worn = worn)
  at_desk <- seats * (1 - p$breaks)
  taken <- min(1, waiting / sum(at_desk))       # share of those at the desk who get a call
  callers <- c(calm = p$demand, upset = upset) / waiting
  solved <- 0
  leaves <- c(fresh = 0, worn = 0)              # agents who leave their state in this round
  for (agent in names(seats)) {
    leaves[agent] <- switch(agent, fresh = 0, worn = worn * p$breaks * p$rest + at_desk[["worn"]] * (1 - taken) * p$lull)
    for (caller in names(callers)) {
      meetings <- at_desk[[agent]] * taken * callers[[caller]]
      works <- p$resolve
      if (agent == "worn") works <- works * (1 - p$worn_loss)
      if (caller == "upset") works <- works * (1 - p$upset_loss)
      if (agent == "worn" && caller == "calm") works <- works * (1 - p$rub)
      solved <- solved + meetings * works
      if (agent == "fresh" && caller == "upset") leaves["fresh"] <- leaves["fresh"] + meetings * p$drain * (1 - p$autonomy * p$relief)
      if (agent == "worn" && caller == "calm") leaves["worn"] <- leaves["worn"] + meetings * works * p$thanks
    }
  }
  worn_now <- worn + leaves[["fresh"]] - leaves[["worn"]]
  c(upset = (waiting - solved) * p$returns, worn = worn_now * (1 - p$quit),
    vacant = vacant * (1 - p$hire) + worn_now * p$quit)
}

exact <- function(f, low, high, ...) uniroot(f, c(low, high), ..., tol = 1e-15, maxiter = 10000)$root
vacant_for <- function(p, worn) worn / (1 - p$quit) * p$quit / p$hire
worn_for <- function(p, upset) {
  most <- 1 / (1 + p$quit / (1 - p$quit) / p$hire)
  exact(function(worn) round_of(p, upset, worn, vacant_for(p, worn))[["worn"]] - worn, 0, most * (1 - 1e-12))
}
surplus <- function(p, upset) {
  worn <- worn_for(p, upset)
  round_of(p, upset, worn, vacant_for(p, worn))[["upset"]] - upset
}
demand_for <- function(p, upset) exact(function(demand) surplus(modifyList(p, list(demand = demand)), upset), 1e-4, 12)

largest <- function(p, state) {
  h <- 1e-6
  columns <- sapply(1:3, function(i) {
    up <- down <- state
    up[i] <- up[i] + h
    down[i] <- down[i] - h
    (do.call(round_of, c(list(p), unname(as.list(up)))) - do.call(round_of, c(list(p), unname(as.list(down))))) / (2 * h)
  })
  max(Mod(eigen(columns, only.values = TRUE)$values))
}

states_of <- function(name) {
  p <- modifyList(usual, worlds[[name]])
  grid <- exp(seq(log(1e-3), log(p$returns * p$demand / (1 - p$returns) * 1.0001), length.out = 150))
  signs <- sign(sapply(grid, surplus, p = p))
  at <- which(diff(signs) != 0)
  do.call(rbind, lapply(at, function(i) {
    upset <- exact(function(a) surplus(p, a), grid[i], grid[i + 1])
    worn <- worn_for(p, upset)
    state <- c(upset, worn, vacant_for(p, worn))
    data.frame(case = name, upset = state[1], worn = state[2], vacant = state[3],
               largest = as.character(sprintf("%.6f", largest(p, state))))
  }))
}

turns_of <- function(name) {
  p <- modifyList(usual, worlds[[name]])
  grid <- exp(seq(log(5e-3), log(12), length.out = 120))
  demands <- sapply(grid, demand_for, p = p)
  way <- sign(diff(demands))
  at <- which(diff(way) != 0) + 1
  do.call(rbind, lapply(at, function(i) {
    high <- demands[i] > demands[i - 1]
    found <- optimize(function(log_upset) demand_for(p, exp(log_upset)), log(grid[c(i - 1, i + 1)]), maximum = high, tol = 1e-10)
    data.frame(case = name, kind = if (high) "highest" else "lowest", demand = found$objective)
  }))
}

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by circle.R with stats %s on R %s", packageVersion("stats"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.12g", x) else x)
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
}
cases <- do.call(rbind, lapply(names(worlds), function(name) data.frame(case = name, modifyList(usual, worlds[[name]]))))
write(cases, "circle-cases.csv")
write(do.call(rbind, lapply(names(worlds), states_of)), "circle-states.csv")
write(do.call(rbind, lapply(setdiff(names(worlds), c("quiet", "overloaded", "below_tip")), turns_of)), "circle-turns.csv")
