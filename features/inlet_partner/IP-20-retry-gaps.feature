@IP-20
Feature: Upstream timeouts are repeated every 3 to 5 minutes

  Scenario Outline: <case>
    Given the retry laboratory has run its course
    Then the gaps between the attempts of "<case>" obey the rule

    Examples:
      | case                                         |
      | the upstream never answers                   |
      | the upstream answers after 20 minutes        |
      | the upstream answers after 40 minutes        |
      | the connection breaks for 20 minutes         |
      | Inlet says nothing for 20 minutes            |
      | the access is made and the answer times out  |
      | the access is made and the connection breaks |
      | the update times out for 20 minutes          |
      | the revocation times out for 20 minutes      |
